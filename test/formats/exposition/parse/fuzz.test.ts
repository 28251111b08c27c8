/**
 * Pages with a few wrong bytes, and bytes of any kind: both parsers answer, whatever comes, the whole page and its pieces alike.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from '../../../../src/formats/exposition/parse/findings.ts';
import { parseExposition } from '../../../../src/formats/exposition/parse/parse.ts';
import { createExpositionReader, type ReadSummary } from '../../../../src/formats/exposition/parse/reader.ts';
import { repeated } from '../../../full.ts';
import { mutated, type Page } from './mutated.ts';

const pages = repeated(5_000, 100_000, 1_000_000);

function read(
  bytes: Uint8Array,
  format: Page['format'] | 'protobuf',
  mode: 'strict' | 'lenient',
  piece = bytes.length,
): ReadSummary {
  const reader = createExpositionReader({ format, mode });
  for (let from = 0; from < bytes.length; from += piece) reader.write(bytes.subarray(from, from + piece));
  return reader.end();
}

function checkFindings({ findings: all, found }: ReadSummary, text: string): void {
  const lines = text.split('\n').length;
  assert.equal(all.length, Math.min(found, 100));
  for (const { id, line, column, rule, fix, got } of all) {
    assert.ok(id in findings && rule !== '' && fix !== '' && got !== '', JSON.stringify(text));
    assert.ok(
      line >= 1 && line <= lines && column >= 1 && column <= text.length + 2,
      `${id} at ${line}:${column} of ${JSON.stringify(text)}`,
    );
  }
}

test('mutated pages: findings with a place on the page, and the same verdict whichever way they are read', () => {
  let accepted = 0;
  for (let seed = 0; seed < pages; seed++) {
    const { format, text } = mutated(seed);
    const bytes = Buffer.from(text);
    const [strict, lenient] = [read(bytes, format, 'strict'), read(bytes, format, 'lenient')];
    checkFindings(strict, text);
    checkFindings(lenient, text);
    const whole = parseExposition(bytes.toString(), format);
    assert.equal(whole.ok, strict.ok, JSON.stringify(text));
    if (!whole.ok)
      assert.deepEqual(
        whole.problems,
        strict.findings.map(({ rejected: _, ...problem }) => problem),
      );
    // What the strict one takes, Prometheus takes.
    if (strict.ok)
      assert.deepEqual([lenient.ok, lenient.samples, lenient.found], [true, strict.samples, 0], JSON.stringify(text));
    else assert.ok(lenient.found > 0, JSON.stringify(text));
    if (strict.ok) accepted++;
    if (seed % 16 === 0) assert.deepEqual(read(bytes, format, 'lenient', 1 + (seed % 7)), lenient);
  }
  assert.ok(accepted > pages / 100 && accepted < pages / 2, `${accepted} accepted`);
});

test('bytes of any kind, in every format', () => {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  for (let round = 0; round < pages / 20; round++) {
    const bytes = Uint8Array.from(
      { length: next() % 60 },
      () => (next() % 3 === 0 ? next() : [10, 18, 34, 8, 32, 58, 123, 125, 61, 44][next() % 10]) as number,
    );
    for (const format of ['openmetrics', 'text', 'protobuf'] as const) {
      for (const mode of ['strict', 'lenient'] as const) {
        const { ok, found } = read(bytes, format, mode);
        assert.ok(mode === 'lenient' || ok === (found === 0));
      }
    }
  }
});
