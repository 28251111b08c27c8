/** Arenas of many megabytes, whose bytes move to others while pieces are put. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createArena } from '../../../../src/core/store/labels/arena.ts';
import { ownMemory } from '../../../../src/core/store/labels/label-memory.ts';

const mib = 2 ** 20;

/** Memory that counts what is copied into it at once, more than a byte at a time. */
function countingMemory() {
  let copied = 0;
  class Counted extends Uint8Array<ArrayBuffer> {
    override set(from: ArrayLike<number>, at?: number): void {
      copied += from.length;
      super.set(from, at);
    }
  }
  return {
    memory: { ...ownMemory, allocate: (length: number): Uint8Array => new Counted(new ArrayBuffer(length)) },
    take() {
      const count = copied;
      copied = 0;
      return count;
    },
  };
}

test('no piece waits for all others to be copied, with two arenas that become full together', () => {
  const counted = countingMemory();
  const arenas = [createArena({ memory: counted.memory }), createArena({ memory: counted.memory })];
  const piece = new Uint8Array(1_000).fill(7);
  let most = 0;
  for (let at = 0; at < 40 * mib; at += piece.length) {
    for (const arena of arenas) {
      arena.put(piece);
      most = Math.max(most, counted.take());
    }
  }
  // Up to 4 MiB all are copied.
  assert.ok(most <= 4 * mib, `${most} bytes are copied for one of ${piece.length}`);
});

test('an arena that nothing is put into any more does not keep another one from moving', () => {
  const counted = countingMemory();
  const [idle, other] = [createArena({ memory: counted.memory }), createArena({ memory: counted.memory })];
  const piece = new Uint8Array(100);
  while (idle.bytes.length < 4 * mib) idle.put(piece);
  // From here on there is a successor.
  for (let left = idle.bytes.length / 8; left > 0; left -= piece.length) {
    counted.take();
    idle.put(piece);
    if (counted.take() > 0) break;
  }
  let most = 0;
  for (let at = 0; at < 32 * mib; at += piece.length) {
    other.put(piece);
    most = Math.max(most, counted.take());
  }
  assert.ok(most <= 8 * mib, `${most} bytes are copied for one of ${piece.length}`);
});

test('what is put, replaced and freed while bytes move is there afterwards', () => {
  const arenas = [createArena(), createArena()];
  const live = arenas.map(() => [] as { at: number; bytes: Uint8Array }[]);
  let moves = 0;
  let seed = 1;
  const random = (below: number) => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) % below;
  };
  for (let step = 0; step < 40_000; step++) {
    const which = random(2);
    const [arena, own] = [arenas[which] as (typeof arenas)[0], live[which] as (typeof live)[0]];
    const before = arena.bytes;
    const { length } = before;
    const bytes = new Uint8Array(100 + 100 * random(12)).fill(step);
    own.push({ at: arena.put(bytes), bytes });
    if (arena.bytes !== before && length >= 4 * mib) moves++;
    const one = own[random(own.length)] as (typeof own)[0];
    if (step % 3 === 0) {
      one.bytes = new Uint8Array(one.bytes.length).fill(step + 1);
      arena.replace(one.at, one.bytes);
    } else if (step % 7 === 0) {
      arena.free(one.at, one.bytes.length);
      own.splice(own.indexOf(one), 1);
    }
  }
  assert.ok(moves > 4, `${moves} moves, ${arenas.map(({ bytes }) => bytes.length)} bytes`);
  for (const [which, own] of live.entries()) {
    const { bytes } = arenas[which] as (typeof arenas)[0];
    for (const one of own) assert.deepEqual(bytes.subarray(one.at, one.at + one.bytes.length), one.bytes);
  }
});
