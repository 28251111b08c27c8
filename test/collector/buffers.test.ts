import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBuffer, takeBuffer } from '../../src/collector/buffers.ts';

const mib = 1_048_576;

test('a large buffer is used again, by one at a time, and none that is twice too large', () => {
  const first = takeBuffer(2 * mib);
  giveBuffer(first);
  const again = takeBuffer(2 * mib - 1);
  assert.equal(again, first);
  assert.notEqual(takeBuffer(2 * mib), first);
  giveBuffer(again);
  assert.notEqual(takeBuffer(mib - 1), first);
  assert.notEqual(takeBuffer(2 * mib + 1), first);
});

test('small and very large ones are not kept', () => {
  for (const size of [1_000, 255 * 1_024, 9 * mib]) {
    const buffer = takeBuffer(size);
    giveBuffer(buffer);
    assert.notEqual(takeBuffer(size), buffer);
  }
});

test('32 MiB are kept at most', () => {
  const buffers = Array.from({ length: 12 }, () => takeBuffer(4 * mib));
  for (const buffer of buffers) giveBuffer(buffer);
  const again = buffers.map(() => takeBuffer(4 * mib));
  assert.ok(again.filter((buffer) => buffers.includes(buffer)).length <= 8);
});
