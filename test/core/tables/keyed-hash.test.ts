/** Hashes of short bytes, and of long ones, which are hashed another way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashBytes } from '../../../src/core/tables/keyed-hash.ts';

for (const length of [1, 7, 16_384, 16_385, 65_400]) {
  test(`${length} bytes: the same wherever they lie, and others where one bit differs`, () => {
    const bytes = new Uint8Array(length + 8);
    for (let index = 0; index < length; index++) bytes[index + 3] = index * 7;
    const own = bytes.slice(3, length + 3);
    const hash = hashBytes(new DataView(bytes.buffer), 3, length + 3);
    assert.equal(hashBytes(new DataView(bytes.buffer, 3), 0, length), hash);
    assert.equal(hashBytes(new DataView(own.buffer), 0, length), hash);
    const hashes = new Set<number>();
    for (let bit = 0; bit < 8; bit++) {
      own[length >> 1] = (own[length >> 1] as number) ^ (1 << bit);
      hashes.add(hashBytes(new DataView(own.buffer), 0, length));
      own[length >> 1] = (own[length >> 1] as number) ^ (1 << bit);
    }
    assert.ok(hashes.size === 8 && !hashes.has(hash), `${hashes.size} hashes`);
  });
}
