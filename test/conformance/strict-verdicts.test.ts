/**
 * Python's strict parser takes every OpenMetrics page that ours takes, and reads the same series from it. Where ours alone
 * rejects a page, it names a rule that Python's does not check.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FindingId } from '../../src/formats/exposition/parse/findings.ts';
import { parseExposition } from '../../src/formats/exposition/parse/parse.ts';
import { mutated } from '../formats/exposition/parse/mutated.ts';
import { repeated } from '../full.ts';
import { requirePeer } from './peers.ts';

const script = fileURLToPath(new URL('./strict-verdicts.py', import.meta.url));

/**
 * What the specification forbids, and Python's parser reads: above all blanks (the ABNF has single spaces) and a series that
 * occurs twice at one time.
 */
const oursAlone: readonly FindingId[] = [
  ...([
    'series-twice',
    'series-empty-label',
    // Of a series with an empty label and the one without, which are two there.
    'time-mixed',
    'counter-total',
    'number-form',
    'number-range',
    'bucket-bound',
    'summary-quantile',
    'family-unit',
  ] as const),
  ...(['sample-gap', 'metadata-line', 'metadata-type', 'name-metric', 'name-start'] as const),
  ...(['label-name', 'label-separator', 'label-equals', 'label-value'] as const),
];

/** What Python's rejects against the specification of quoted names: one without TYPE, and one with an escaped quote. */
const theirsAlone = /^ValueError: (?:missing close quote)?$/;

type Series = readonly (readonly [string, Readonly<Record<string, string>>])[];

test('mutated pages: every page that we take', (t: TestContext) => {
  const python = requirePeer(t, 'parser');
  if (python === undefined) return;
  const pages: string[] = [];
  for (let seed = 0; pages.length < repeated(8_000, 20_000, 100_000); seed++) {
    const { format, text } = mutated(seed);
    if (format === 'openmetrics') pages.push(text.toWellFormed());
  }
  const run = spawnSync(python, [script], { input: JSON.stringify(pages), encoding: 'utf8', maxBuffer: 2 ** 30 });
  assert.equal(run.status, 0, run.stderr);
  const verdicts = JSON.parse(run.stdout) as (string | Series)[];
  let taken = 0;
  let alone = 0;
  for (const [i, page] of pages.entries()) {
    const theirs = verdicts[i] as string | Series;
    const ours = parseExposition(page, 'openmetrics');
    if (ours.ok) {
      taken++;
      const series = ours.families.flatMap(({ samples }) =>
        samples.map(({ name, labels }) => [name, Object.fromEntries(labels)]),
      );
      if (page.includes('{"') && typeof theirs === 'string' && theirsAlone.test(theirs)) continue;
      assert.deepEqual(theirs, series, JSON.stringify(page));
    } else if (typeof theirs !== 'string') {
      const ids = ours.problems.map(({ id }) => id);
      assert.ok(
        ids.some((id) => oursAlone.includes(id)),
        `${ids}: ${JSON.stringify(page)}`,
      );
      alone++;
    }
  }
  assert.ok(taken > 200, `${taken} pages`);
  assert.ok(alone < pages.length / 10, `${alone} pages that only we reject`);
});
