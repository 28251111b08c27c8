import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

/** Loads the main entry point, records and scrapes, and prints every package that was loaded on the way. */
const script = `
import { registerHooks } from 'node:module';
const packages = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(resolved.url)?.[1];
    if (name !== undefined) packages.add(name);
    return resolved;
  },
});
const { contract, counter, meterbridge } = await import(${JSON.stringify(new URL('../../../../src/index.ts', import.meta.url).href)});
const bridge = meterbridge(contract('x', { runs: counter({ help: 'Runs.' }) }), { push: false });
bridge.metrics.runs.add(1);
await bridge.refresh();
await bridge.close();
console.log(JSON.stringify([...packages]));
`;

test('an embedder without push loads no package at all', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  assert.deepEqual(JSON.parse(stdout), []);
});
