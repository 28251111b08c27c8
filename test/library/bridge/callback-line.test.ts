/** The line of a callback that fails says what was thrown and where: the message alone does not find the line of code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';

const declared = contract('app', { pool: gauge({ observed: true, help: 'Pool.' }) });

class DatabaseError extends Error {
  override readonly name = 'error';
}

async function lineOf(callback: () => number | Promise<number>): Promise<string> {
  const { bridge, metrics, log } = testBridge(declared);
  metrics.pool.observe(callback);
  await bridge.refresh();
  await bridge.close();
  return log.at(-1) ?? '';
}

const size = async (pool: { readonly size: number } | undefined) => (pool as { readonly size: number }).size;

const rows: readonly [name: string, callback: () => number | Promise<number>, shown: RegExp][] = [
  [
    'a TypeError',
    () => size(undefined),
    /\(TypeError: Cannot read properties of undefined \(reading 'size'\), at size \(.*callback-line\.test\.ts:\d+:\d+\)\);/,
  ],
  [
    'a class that is not in the name',
    () => Promise.reject(new DatabaseError('relation missing')),
    /\(DatabaseError: relation missing, at .*callback-line\.test\.ts:\d+:\d+\);/,
  ],
  [
    'a name that is not the class',
    () => Promise.reject(new DOMException('too slow', 'TimeoutError')),
    /\(TimeoutError: too slow, at .*callback-line\.test\.ts/,
  ],
  [
    'a code in place of a message',
    () => Promise.reject(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })),
    /\(AggregateError: ECONNREFUSED, at /,
  ],
  ['no error', () => Promise.reject('away'), /: collection failed \(away\);/],
  [
    'no stack',
    () => Promise.reject(Object.assign(new RangeError('far'), { stack: undefined })),
    /: collection failed \(RangeError: far\);/,
  ],
  ["Meterbridge's own", () => 'x' as never, /: collection failed \(app_pool: got "x"; a gauge is a number\. Fix: [^)]*\);/],
];
for (const [name, callback, shown] of rows) {
  test(`a failed callback's line: ${name}`, async () => assert.match(await lineOf(callback), shown));
}
