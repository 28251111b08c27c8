/**
 * In lenient mode a page gives what Prometheus reads from it, and is rejected where Prometheus rejects it: `textparse` of
 * Prometheus 3 is asked about thousands of pages.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createExpositionReader } from '../../src/formats/exposition/parse/reader.ts';
import { mutated, type Page } from '../formats/exposition/parse/mutated.ts';
import { repeated } from '../full.ts';
import { decodeExpositions, type GoExposition } from './go-parsers.ts';
import { requirePeer } from './peers.ts';

const contentTypes = { openmetrics: 'application/openmetrics-text; version=1.0.0', text: 'text/plain; version=1.0.0' } as const;

/** Labels by name; without the values of `le` and `quantile`, which Prometheus writes anew. */
function series(labels: readonly (readonly [string, string])[]): string {
  const kept = labels.map(([name, value]) => [name, name === 'le' || name === 'quantile' ? 'a number' : value]);
  return JSON.stringify(kept.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}
const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : Math.trunc(seconds * 1000));

function ours({ format, text }: Page): readonly unknown[] | string {
  const samples: unknown[] = [];
  const reader = createExpositionReader({
    format,
    mode: 'lenient',
    onSample({ name, labels, value, timestamp, exemplar }) {
      const example =
        exemplar === undefined ? undefined : [exemplar.labels.length, exemplar.value, milliseconds(exemplar.timestamp)];
      samples.push([series([['__name__', name], ...labels]), value, milliseconds(timestamp), example]);
    },
  });
  reader.write(Buffer.from(text));
  const { ok, findings } = reader.end();
  return ok ? samples : `rejected: ${findings.find(({ rejected }) => rejected)?.id}`;
}

/** Prometheus' storage rejects a label that occurs twice; the parser does not look. */
const twice = (labels: readonly (readonly [string, string])[]) => new Set(labels.map(([name]) => name)).size < labels.length;

function theirs({ samples, error }: GoExposition): readonly unknown[] | string {
  if (error !== undefined) return `rejected: ${error}`;
  if (samples.some(({ labels }) => twice(labels))) return 'rejected: a label twice';
  return samples.map(({ labels, value, timestamp, exemplars: [exemplar] }) => {
    const example = exemplar === undefined ? undefined : [exemplar.labels.length, exemplar.value, exemplar.timestamp];
    return [series(labels), value, timestamp, example];
  });
}

test('mutated pages: the same samples, the same pages rejected', (t: TestContext) => {
  if (requirePeer(t, 'goParsers') === undefined) return;
  const batch = 5000;
  const counts = { read: 0, rejected: 0 };
  for (let from = 0; from < repeated(20_000, 50_000, 200_000); from += batch) {
    const pages = Array.from({ length: batch }, (_, i) => mutated(from + i));
    const answers = decodeExpositions(
      pages.map(({ format, text }) => ({ page: Buffer.from(text), contentType: contentTypes[format] })),
    );
    for (const [i, page] of pages.entries()) {
      const [own, other] = [ours(page), theirs(answers[i] as GoExposition)];
      if (typeof own === 'string' && typeof other === 'string') counts.rejected++;
      else {
        counts.read++;
        assert.deepEqual(own, other, `seed ${from + i}: ${JSON.stringify(page.text)}`);
      }
    }
  }
  // The check has something to check.
  assert.ok(counts.read > 1000 && counts.rejected > 1000, JSON.stringify(counts));
});
