import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBuffer, takeBuffer } from '../../src/service/buffers.ts';

const mib = 1_048_576;

for (const size of [4_096, 17_000, 2 * mib, 8 * mib])
  test(`a buffer of ${size} bytes is used again, by one at a time, and for about the same length`, () => {
    const first = takeBuffer(size);
    giveBuffer(first);
    const again = takeBuffer(size);
    assert.equal(again, first);
    assert.notEqual(takeBuffer(size), first);
    giveBuffer(again);
    assert.notEqual(takeBuffer(Math.floor(size * 0.9)), first);
    assert.notEqual(takeBuffer(Math.ceil(size * 1.1)), first);
  });

test('none is shorter than asked, or more than a sixteenth longer', () => {
  for (let size = 1; size < 9 * mib; size += 1 + Math.floor(size / 7)) {
    const { length } = takeBuffer(size);
    assert.ok(length >= size && length <= size * (1 + 1 / 16), `${length} for ${size}`);
  }
});

test('small and very large ones are not kept', () => {
  for (const size of [1_000, 4_095, 9 * mib]) {
    const buffer = takeBuffer(size);
    giveBuffer(buffer);
    assert.notEqual(takeBuffer(size), buffer);
  }
});

test('lengths that do not come again make way', () => {
  for (const buffer of Array.from({ length: 2_048 }, () => takeBuffer(16_384))) giveBuffer(buffer);
  const other = takeBuffer(20_480);
  giveBuffer(other);
  assert.equal(takeBuffer(20_480), other);
});

test('32 MiB are kept at most', () => {
  const buffers = Array.from({ length: 12 }, () => takeBuffer(4 * mib));
  for (const buffer of buffers) giveBuffer(buffer);
  const again = buffers.map(() => takeBuffer(4 * mib));
  assert.ok(again.filter((buffer) => buffers.includes(buffer)).length <= 8);
});
