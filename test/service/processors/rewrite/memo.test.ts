/** What is remembered is what the function makes, within limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryBudget } from '../../../../src/service/memory/budget.ts';
import { Memo } from '../../../../src/service/processors/rewrite/memo.ts';
import { createMemos, MemoRoom } from '../../../../src/service/processors/rewrite/memos.ts';

const reversed = (bytes: Uint8Array) => bytes.toReversed();
const bytesOf = (text: string) => {
  // Not at the beginning of its buffer, as in a batch.
  const bytes = Buffer.from(`..${text}.`);
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), from: 2, to: bytes.length - 1 };
};

function ask(memo: Memo, text: string): string {
  const { view, from, to } = bytesOf(text);
  memo.find(view, from, to);
  return Buffer.from(memo.bytes.subarray(memo.from, memo.to)).toString();
}

test('each is made once, in whatever order it is asked for', () => {
  let made = 0;
  const memo = new Memo((bytes) => {
    made++;
    return reversed(bytes);
  }, new MemoRoom(Number.POSITIVE_INFINITY));
  const keys = Array.from({ length: 500 }, (_, at) => `key ${at}`);
  const orders = [keys, keys, keys.toReversed(), [...keys.slice(100), '', 'other', ...keys.slice(0, 100)], keys];
  for (const order of orders) for (const key of order) assert.equal(ask(memo, key), [...key].reverse().join(''));
  assert.equal(made, 502);
});

test('beyond its limits it forgets, and is right all the same', () => {
  for (const limits of [
    { entries: 10, bytes: 1e6 },
    { entries: 1e6, bytes: 1_000 },
  ]) {
    const memo = new Memo(reversed, new MemoRoom(Number.POSITIVE_INFINITY), limits);
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < 10_000; at++) assert.equal(ask(memo, `k${at}`), [...`k${at}`].reverse().join(''));
      assert.equal(ask(memo, 'x'.repeat(20)), 'x'.repeat(20));
    }
    assert.ok(memo.bytes.length <= 4_096, `${memo.bytes.length} bytes`);
  }
});

test('what alone is beyond the limit is made all the same', () => {
  const memo = new Memo(reversed, new MemoRoom(Number.POSITIVE_INFINITY), { entries: 10, bytes: 100 });
  assert.equal(ask(memo, `${'a'.repeat(5_000)}b`), `b${'a'.repeat(5_000)}`);
  assert.equal(ask(memo, 'cd'), 'dc');
});

test('all memos of a service hold 64 MiB at most, however many there are; the largest forgets first', () => {
  const memory = createMemoryBudget(2 ** 30);
  const [one, other] = [createMemos(memory), createMemos(memory)];
  const memos = Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? one : other).create(reversed));
  let made = 0;
  const small = one.create((bytes) => {
    made++;
    return bytes;
  });
  const filler = 'x'.repeat(20_000);
  for (let at = 0; at < 5_000; at++) {
    assert.equal(ask(memos[at % 50] as Memo, `${at}${filler}`), `${filler}${[...String(at)].reverse().join('')}`);
    ask(small, 'the same');
    assert.ok(memory.used <= 64 * 2 ** 20, `${memory.used} bytes`);
  }
  assert.ok(memory.used > 16 * 2 ** 20);
  assert.equal(made, 1);
  one.end();
  other.end();
  assert.equal(memory.used, 0);
});
