/** What options and variables come to, and what is said about them. */
import assert from 'node:assert/strict';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import { type PushOptions, resolvePush } from '../../../src/library/push/settings/settings.ts';

export type Env = Record<string, string>;

export function resolve(options: PushOptions | false | undefined, env: Env = {}) {
  const lines: string[] = [];
  const settings = resolvePush(options, env, { serviceName: 'demo', log: (line) => lines.push(line) });
  return { settings, lines };
}

const off = 'push is off: ';

/** Those of an option are thrown; those of variables alone are one line, and push is off. */
export function problemsOf(options: PushOptions | undefined, env: Env = {}): string[] {
  try {
    const { settings, lines } = resolve(options, env);
    const found = lines.filter((line) => line.startsWith(off));
    if (found.length > 0) assert.equal(settings, undefined);
    for (const line of found) assert.doesNotMatch(line, /^push is off: push\./);
    return found.map((line) => line.slice(off.length));
  } catch (error) {
    assert.ok(error instanceof MeterbridgeError);
    assert.equal(error.code, 'PUSH_CONFIG_INVALID');
    assert.match(error.message, /^push\./m);
    return error.message.split('\n');
  }
}
