/** What OpenMetrics 1.0 says of the length of an exemplar's labels, by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codePoints, ExemplarRoom } from '../../../src/core/naming/index.ts';

for (const [text, points] of [
  ['', 0],
  ['a.b', 3],
  ['\u00e9\u20ac', 2],
  ['\u{1f600}x\u{1f600}', 3],
  ['\ud83d', 1],
  ['\ude00\ud83d', 2],
] as const) {
  test(`code points of ${JSON.stringify(text)}`, () => assert.equal(codePoints(text), points));
}

test('ids take 40 and 23 of 128', () => {
  const room = new ExemplarRoom();
  for (const [trace, span, left] of [
    [false, false, 128],
    [true, false, 88],
    [false, true, 105],
    [true, true, 65],
  ] as const) {
    room.begin(trace, span);
    assert.deepEqual([room.takes('a', left), room.takes('a', left - 1), room.takes('', 1)], [false, true, false]);
  }
});

test('an id is there once', () => {
  const room = new ExemplarRoom();
  room.begin(true, false);
  assert.deepEqual([room.takes('trace_id', 1), room.takes('span_id', 1)], [false, true]);
});
