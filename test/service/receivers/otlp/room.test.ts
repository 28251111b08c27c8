import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createArriving } from '../../../../src/service/receivers/otlp/arriving.ts';
import { createRoom } from '../../../../src/service/receivers/otlp/room.ts';

test('the request that has taken the longest gives way', () => {
  const room = createRoom(100);
  const gone: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => room.enter({}, () => gone.push(name)));
  a?.hold(50);
  c?.hold(50);
  b?.hold(40);
  assert.deepEqual(gone, ['a']);
  // What it held is free; it is asked once.
  a?.hold(1_000);
  b?.hold(10);
  assert.deepEqual(gone, ['a']);
  c?.leave();
  c?.leave();
  b?.hold(50);
  assert.deepEqual(gone, ['a']);
});

test('a request that alone is too much gives way itself', () => {
  const gone: string[] = [];
  const room = createRoom(100);
  room.enter({}, () => gone.push('a')).hold(101);
  assert.deepEqual(gone, ['a']);
});

test('a body takes memory in proportion to what has arrived, and is copied a bounded number of times', () => {
  for (const announced of [undefined, 20_000_000]) {
    let held = 0;
    let taken = 0;
    const place = {
      hold(bytes: number) {
        held += bytes;
        taken++;
      },
      keep() {},
      leave() {},
    };
    const arriving = createArriving(20_000_000, announced, place);
    const chunk = Buffer.alloc(10_000, 7);
    for (let at = 1; at <= 2_000; at++) {
      assert.equal(arriving.add(chunk), true);
      assert.ok(held <= Math.max(65_536, 16 * at * chunk.length), `${held} bytes for ${at * chunk.length}`);
    }
    assert.ok(taken <= 10, `${taken} buffers`);
    assert.ok(held <= 20_000_000);
    const whole = arriving.whole();
    assert.equal(whole.length, 20_000_000);
    assert.ok(whole.every((byte) => byte === 7));
    assert.equal(arriving.add(Buffer.alloc(1)), false);
  }
});
