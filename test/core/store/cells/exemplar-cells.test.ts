import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  exemplarCells,
  isSampled,
  readExemplar,
  writeExemplar,
  writeReceivedExemplar,
} from '../../../../src/core/store/cells/exemplar-cells.ts';
import { mostTextBytes, textCells, textRoom } from '../../../../src/core/store/cells/exemplar-text.ts';
import { LabelWriter } from '../../../../src/core/store/labels/label-bytes.ts';

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''))
    .filter((text) => /[^0]/.test(text));
const exemplar = fc.record(
  { value: fc.double({ noNaN: true }), timeMs: fc.nat({ max: 4e12 }), traceId: hex(32), spanId: hex(16) },
  { noNullPrototype: true },
);
type Given = typeof exemplar extends fc.Arbitrary<infer T> ? T : never;

function write(cells: Float64Array, at: number, { value, timeMs, traceId, spanId }: Given): void {
  writeExemplar(cells, at, value, timeMs, traceId, spanId);
}

test('fresh cells hold none', () => assert.equal(readExemplar(new Float64Array(exemplarCells), 0), undefined));

test('property: what is written is read, beside others, and the later one of two', () => {
  fc.assert(
    fc.property(exemplar, exemplar, exemplar, (first, second, third) => {
      const cells = new Float64Array(2 * exemplarCells);
      write(cells, exemplarCells, first);
      write(cells, 0, second);
      assert.deepEqual([readExemplar(cells, 0), readExemplar(cells, exemplarCells)], [second, first]);
      write(cells, 0, third);
      isSampled(cells, 0, 5);
      assert.deepEqual([readExemplar(cells, 0), readExemplar(cells, exemplarCells)], [third, first]);
    }),
  );
});

test('property: cells of two exemplars, mixed, are none', () => {
  fc.assert(
    fc.property(exemplar, exemplar, fc.integer({ min: 1, max: 2 ** 9 - 2 }), (one, other, taken) => {
      const [cells, others] = [new Float64Array(exemplarCells), new Float64Array(exemplarCells)];
      write(cells, 0, one);
      write(others, 0, other);
      const mixed = cells.map((cell, at) => ((taken >> at) & 1 ? (others[at] as number) : cell));
      fc.pre(!mixed.every((cell, at) => Object.is(cell, cells[at])) && !mixed.every((cell, at) => Object.is(cell, others[at])));
      assert.equal(readExemplar(mixed, 0), undefined);
    }),
  );
});

const wrong: readonly (readonly [string, string, string])[] = [
  ['a trace id of zeros', '0'.repeat(32), 'a'.repeat(16)],
  ['a span id of zeros', 'a'.repeat(32), '0'.repeat(16)],
  ['a short trace id', 'a'.repeat(31), 'a'.repeat(16)],
  ['a long span id', 'a'.repeat(32), 'a'.repeat(17)],
  ['letters that are no digits', 'g'.repeat(32), 'a'.repeat(16)],
  ['no text', undefined as unknown as string, 'a'.repeat(16)],
];
for (const [what, traceId, spanId] of wrong) {
  test(`${what}: what was there stays`, () => {
    const cells = new Float64Array(exemplarCells);
    writeExemplar(cells, 0, 1, 2, traceId, spanId);
    assert.equal(readExemplar(cells, 0), undefined);
    writeExemplar(cells, 0, 1, 2, 'b'.repeat(32), 'b'.repeat(16));
    writeExemplar(cells, 0, 3, 4, traceId, spanId);
    assert.deepEqual(readExemplar(cells, 0), { value: 1, timeMs: 2, traceId: 'b'.repeat(32), spanId: 'b'.repeat(16) });
  });
}

test('offers are counted from one collection to the next', (t) => {
  t.mock.method(Math, 'random', () => 0.4);
  const cells = new Float64Array(exemplarCells);
  // Kept with chance 1, 1/2, 1/3, …
  assert.deepEqual(
    [1, 1, 1, 1, 2, 2, 2].map((walk) => isSampled(cells, 0, walk)),
    [true, true, false, false, true, true, false],
  );
});

const id = (bytes: number) => fc.option(fc.uint8Array({ minLength: bytes, maxLength: bytes }), { nil: undefined });
/** Of zeros it is none. */
const hexOf = (bytes: Uint8Array | undefined) =>
  bytes?.some((byte) => byte !== 0) ? Buffer.from(bytes).toString('hex') : undefined;

test('property: received ids are bytes wherever they lie, either may be absent, and those of zeros are', () => {
  fc.assert(
    fc.property(id(16), id(8), fc.double(), fc.nat({ max: 4e12 }), fc.boolean(), (trace, span, value, timeMs, zero) => {
      if (zero) trace?.fill(0);
      const bytes = new Uint8Array([7, ...(trace ?? []), 7, ...(span ?? [])]);
      const ids = { bytes, traceAt: trace === undefined ? -1 : 1, spanAt: span === undefined ? -1 : bytes.length - 8 };
      const cells = new Float64Array(3 * exemplarCells).fill(1);
      writeReceivedExemplar(cells, exemplarCells, {
        value: 9,
        timeMs: 9,
        bytes: new Uint8Array(16).fill(9),
        traceAt: 0,
        spanAt: 8,
      });
      writeReceivedExemplar(cells, exemplarCells, { value, timeMs, ...ids });
      const read = readExemplar(cells, exemplarCells);
      assert.deepEqual([read?.traceId, read?.spanId, read?.value, read?.timeMs], [hexOf(trace), hexOf(span), value, timeMs]);
      assert.deepEqual(
        [...cells.subarray(0, exemplarCells), ...cells.subarray(2 * exemplarCells)],
        Array(2 * exemplarCells).fill(1),
      );
    }),
  );
});

test('an exemplar without ids, value and time is one', () => {
  const cells = new Float64Array(exemplarCells);
  writeReceivedExemplar(cells, 0, { value: 0, timeMs: 0, bytes: new Uint8Array(), traceAt: -1, spanAt: -1 });
  assert.deepEqual(readExemplar(cells, 0), { value: 0, timeMs: 0 });
});

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const labels = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 });
const noIds = { bytes: new Uint8Array(), traceAt: -1, spanAt: -1 };

function bytesOf(pairs: readonly (readonly [string, string])[]) {
  const writer = new LabelWriter();
  for (const label of pairs.flat()) writer.string(label);
  return { bytes: writer.bytes, from: 0, to: writer.length };
}

test('property: labels are read as they were written, and nothing beside them', () => {
  fc.assert(
    fc.property(labels, labels, (first, second) => {
      const [one, other] = [bytesOf(first), bytesOf(second)];
      fc.pre(Math.max(one.to, other.to) <= mostTextBytes);
      const stride = exemplarCells + textCells(textRoom(Math.max(one.to, other.to)));
      const cells = new Float64Array(3 * stride).fill(1);
      writeReceivedExemplar(cells, stride, { value: 1, timeMs: 2, ...noIds }, one);
      assert.deepEqual(readExemplar(cells, stride), { value: 1, timeMs: 2, labels: first });
      writeReceivedExemplar(cells, stride, { value: 1, timeMs: 3, ...noIds }, other);
      assert.deepEqual(readExemplar(cells, stride), { value: 1, timeMs: 3, labels: second });
      writeReceivedExemplar(cells, stride, { value: 1, timeMs: 4, ...noIds });
      assert.deepEqual(readExemplar(cells, stride), { value: 1, timeMs: 4 });
      assert.deepEqual([...cells.subarray(0, stride), ...cells.subarray(2 * stride)], Array(2 * stride).fill(1));
    }),
  );
});

test('property: a cell of another text makes none of it', () => {
  fc.assert(
    fc.property(labels, fc.nat(), fc.integer({ min: 1, max: 2 ** 48 - 1 }), (pairs, which, other) => {
      const written = bytesOf(pairs);
      const cells = new Float64Array(exemplarCells + textCells(written.to));
      writeReceivedExemplar(cells, 0, { value: 1, timeMs: 2, ...noIds }, written);
      const at = exemplarCells + (which % textCells(written.to));
      fc.pre(cells[at] !== other);
      cells[at] = other;
      assert.equal(readExemplar(cells, 0), undefined);
    }),
  );
});

// 128 code points of four bytes each, in as many labels as there can be.
test('there is room for every set of labels that OpenMetrics allows', () => {
  const names = Array.from({ length: 64 }, (_, at) => String.fromCodePoint(0x1f600 + at));
  assert.ok(bytesOf(names.map((name) => [name, '\u{1f600}'])).to <= mostTextBytes);
  assert.ok(bytesOf([['\u{1f600}'.repeat(64), '\u{1f600}'.repeat(64)]]).to <= mostTextBytes);
});
