/** What options and variables come to, and what is said about them. */
import assert from 'node:assert/strict';
import { MeterbridgeError } from '../../src/errors/error.ts';
import { type PushOptions, resolvePush } from '../../src/push/settings/settings.ts';

export type Env = Record<string, string>;

export function resolve(options: PushOptions | false | undefined, env: Env = {}) {
  const lines: string[] = [];
  const settings = resolvePush(options, env, { serviceName: 'demo', log: (line) => lines.push(line) });
  return { settings, lines };
}

export function problemsOf(options: PushOptions | undefined, env: Env = {}): string[] {
  try {
    resolve(options, env);
  } catch (error) {
    assert.ok(error instanceof MeterbridgeError);
    assert.equal(error.code, 'PUSH_CONFIG_INVALID');
    return error.message.split('\n');
  }
  return [];
}
