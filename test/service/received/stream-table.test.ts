import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hashBytes } from '../../../src/core/tables/keyed-hash.ts';
import { viewOf } from '../../../src/formats/otlp/wire/same-bytes.ts';
import { hashOf, StreamTable, streamWord } from '../../../src/service/received/streams/stream-table.ts';

/** A `KeyValue` field: its content is what matters here. */
const field = (content: string) => [0x3a, content.length, ...Buffer.from(content)];
const attributes = (...contents: string[]) => Uint8Array.from(contents.flatMap(field));

function find(table: StreamTable, metric: number, bytes: Uint8Array): number {
  return table.find(hashOf(metric, viewOf(bytes), 0, bytes.length), metric, viewOf(bytes), 0, bytes.length);
}

function add(table: StreamTable, metric: number, bytes: Uint8Array): number {
  return table.add(hashOf(metric, viewOf(bytes), 0, bytes.length), metric, bytes, 0, bytes.length, 0);
}

describe('a table of streams', () => {
  it('finds a stream by metric and attributes', () => {
    const table = new StreamTable();
    const stream = add(table, 1, attributes('a1', 'b2'));
    assert.equal(find(table, 1, attributes('a1', 'b2')), stream);
    assert.equal(find(table, 2, attributes('a1', 'b2')), 0);
    assert.equal(find(table, 1, attributes('a1', 'b3')), 0);
    assert.equal(find(table, 1, attributes('a1')), 0);
  });

  it('finds the same attributes in another order, and remembers that order', () => {
    const table = new StreamTable();
    const stream = add(table, 1, attributes('a1', 'b2', 'c3'));
    assert.equal(find(table, 1, attributes('c3', 'a1', 'b2')), stream);
    assert.deepEqual(table.key(stream), attributes('c3', 'a1', 'b2'));
  });

  it('grows nothing for as many as were expected, and finds them and those that came before', () => {
    const table = new StreamTable();
    const all = Array.from({ length: 5_000 }, (_, at) => attributes(`a${at}`));
    const first = all.slice(0, 100).map((bytes) => add(table, 1, bytes));
    table.reserve(all.length);
    const { words } = table.records;
    const { seen } = table;
    const streams = [...first, ...all.slice(100).map((bytes) => add(table, 1, bytes))];
    assert.equal(table.records.words, words);
    assert.equal(table.seen, seen);
    assert.deepEqual(
      all.map((bytes) => find(table, 1, bytes)),
      streams,
    );
    assert.equal(new Set(streams).size, all.length);
    assert.equal(find(table, 1, attributes('a5000')), 0);
    add(table, 1, attributes('a5000'));
    assert.notEqual(find(table, 1, attributes('a5000')), 0);
  });

  it('does not take a set for another one with the same pieces', () => {
    const table = new StreamTable();
    add(table, 1, attributes('a1', 'a1', 'b2'));
    assert.equal(find(table, 1, attributes('a1', 'b2', 'b2')), 0);
  });

  it('tells streams apart whose hashes are equal', () => {
    const table = new StreamTable();
    const one = attributes('one');
    const other = attributes('two');
    const ones = table.add(7, 1, one, 0, one.length, 0);
    const others = table.add(7, 1, other, 0, other.length, 0);
    assert.equal(table.find(7, 1, viewOf(one), 0, one.length), ones);
    assert.equal(table.find(7, 1, viewOf(other), 0, other.length), others);
    table.remove(others);
    assert.equal(table.find(7, 1, viewOf(one), 0, one.length), ones);
    assert.equal(table.find(7, 1, viewOf(other), 0, other.length), 0);
  });

  it('is a map from metric and attributes to stream, whatever comes and goes', () => {
    const operation = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 400 }));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 600 }), (operations) => {
        const table = new StreamTable();
        const model = new Map<string, number>();
        for (const [adds, metric, number] of operations) {
          const bytes = attributes(`n${number}`, 'same');
          const key = `${metric} ${number}`;
          assert.equal(find(table, metric, bytes), model.get(key) ?? 0);
          const known = model.get(key);
          if (adds && known === undefined) model.set(key, add(table, metric, bytes));
          else if (!adds && known !== undefined) {
            table.remove(known);
            model.delete(key);
          }
          assert.equal(table.size, model.size);
        }
        for (const [key, stream] of model) {
          const [metric, number] = key.split(' ');
          assert.equal(table.word(stream, streamWord.metric), Number(metric));
          assert.deepEqual(table.key(stream), attributes(`n${number}`, 'same'));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives the places of streams that left to others, and their bytes', () => {
    const table = new StreamTable();
    const wide = 'x'.repeat(100);
    let room = 0;
    for (let round = 0; round < 20; round++) {
      const streams = Array.from({ length: 2_000 }, (_, index) => add(table, 1, attributes(`${wide}${round}-${index}`)));
      if (round === 1) room = table.records.used;
      for (const stream of streams) table.remove(stream);
    }
    assert.equal(table.records.used, room);
    assert.equal(table.size, 0);
  });
});

describe('a keyed hash', () => {
  it('differs for bytes that differ in length, order or content', () => {
    const hashes = new Set<number>();
    const inputs = ['', '\0', '\0\0', 'a', 'ab', 'ba', 'abc', 'abcd', 'abcde', 'edcba', 'abcdabcd', 'abcdabce'];
    for (const input of inputs) hashes.add(hashBytes(viewOf(Buffer.from(input, 'latin1')), 0, input.length));
    assert.equal(hashes.size, inputs.length);
  });

  it('does not depend on where the bytes lie', () => {
    const bytes = Buffer.from('...some bytes');
    const moved = Buffer.from('.some bytes!!');
    assert.equal(hashBytes(viewOf(bytes), 3, 13), hashBytes(viewOf(moved), 1, 11));
  });
});
