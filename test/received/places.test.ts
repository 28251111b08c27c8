/** A stream is found by the place of its attributes only for its own metric, for as long as it lives, and while the places have the same owner. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamTable, streamWord, streamWords } from '../../src/received/stream-table.ts';

const bytes = Buffer.from('attributes');
const [metric, other, place] = [1, 2, 7];

function add(streams: StreamTable, of: number): number {
  // Any hash will do: nothing is looked up by it.
  return streams.add(of, of, bytes, 0, bytes.length, 0);
}

test('a place is that of one stream of one metric', () => {
  const streams = new StreamTable();
  const stream = add(streams, metric);
  assert.equal(streams.isAt(stream, metric, 0), false, 'absent attributes have no place');
  streams.records.words[stream * streamWords + streamWord.place] = place;
  assert.equal(streams.isAt(stream, metric, place), true);
  assert.equal(streams.isAt(stream, other, place), false);
  assert.equal(streams.isAt(stream, metric, place + 1), false);
});

test('a number that is used again has no place', () => {
  const streams = new StreamTable();
  const stream = add(streams, metric);
  streams.records.words[stream * streamWords + streamWord.place] = place;
  streams.remove(stream);
  assert.equal(add(streams, metric), stream);
  assert.equal(streams.isAt(stream, metric, place), false);
});

test('places of a former owner are forgotten', () => {
  const streams = new StreamTable();
  const all = [add(streams, metric), add(streams, other)];
  for (const stream of all) streams.records.words[stream * streamWords + streamWord.place] = place;
  streams.forgetPlaces();
  assert.deepEqual([streams.isAt(all[0] as number, metric, place), streams.isAt(all[1] as number, other, place)], [false, false]);
});
