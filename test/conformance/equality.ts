/** *Pull equals push*: what a daemon serves and what a Collector made of what it pushed, series by series. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../src/core/contract/index.ts';
import type { ParsedFamily } from '../../src/formats/exposition/parse/parsed.ts';
import type { Collector } from './collector.ts';
import { agreesWithPrinted, type DebugSeries, debugSeries, type ExpectedInstruments } from './debug-series.ts';
import type { DebugBatch } from './debug-text.ts';
import type { Road } from './roads.ts';
import { type Comparison, compare, familiesOf, type SeriesMap, seriesOf } from './series.ts';

export interface Daemon {
  /** Where it is scraped. */
  readonly url: string;
  /** Moves its clock on: what is pushed next is newer than what was pushed before. */
  advance(): void;
  /** Pushes now, and resolves when the Collector has answered. */
  push(): Promise<void>;
}

export interface Rig {
  readonly collector: Collector;
  readonly daemon: Daemon;
  readonly expected: ExpectedInstruments;
  readonly road: Road;
  /** The Collector's `metric_expiration`. Undefined: one that no test lives to see, so that what leaves was told to leave. */
  readonly expirationMs: number | undefined;
  /** What was pulled when the last push went out. */
  pushedBefore: SeriesMap;
}

export const openMetrics = 'application/openmetrics-text; version=1.0.0';

export async function scrape(url: string, accept: string): Promise<string> {
  const answer = await fetch(url, { headers: { accept } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.text();
}

/**
 * Scrapes the daemon in both formats, pushes, reads both of the Collector's exporters, and asserts that no series and no value
 * differs.
 */
export async function assertPullEqualsPush(test: TestContext, rig: Rig, when: string): Promise<SeriesMap> {
  const { families, pulled, before, batch, text } = await read(rig);
  const printed = assertBatch(rig, batch, pulled, before, `${when}, debug exporter`);
  const exposed = familiesOf(text, 'text');
  const series = seriesOf(exposed);
  const exported = compare(
    pulled,
    rig.road.summary === 'Summary' ? series : withoutInfBucketsOfSummaries(series, families),
    Object.is,
  );
  assertNothingDiffers(exported, `${when}, prometheus exporter`);
  assertSameMetadata(families, exposed, rig.road);
  test.diagnostic(
    `${when}: ${exported.compared} series compared at the prometheus exporter, ${printed} in the debug text; 0 differ`,
  );
  return pulled;
}

/**
 * The same after series have gone. Where they are marked as gone, they are at the prometheus exporter at once; otherwise they are
 * missing from the last batch that was pushed, and from the prometheus exporter once they have expired there.
 */
export async function assertGoneSeriesLeave(test: TestContext, rig: Rig, earlier: SeriesMap): Promise<void> {
  if (rig.expirationMs !== undefined) {
    const { pulled, before, batch } = await read(rig);
    assertBatch(rig, batch, pulled, before, 'the last batch after series have gone');
    await sleep(rig.expirationMs);
  }
  const pulled = await assertPullEqualsPush(test, rig, 'after series have gone');
  const gone = [...earlier.keys()].filter((key) => !pulled.has(key));
  assert.ok(gone.length > 0, 'nothing has gone');
  test.diagnostic(`${gone.length} series have gone`);
}

/**
 * Values are those of the pull; what is marked as gone is what the push before still had, or nothing where the road does not mark
 * it.
 */
function assertBatch({ expected, road }: Rig, batch: DebugBatch, pulled: SeriesMap, before: SeriesMap, where: string): number {
  const { values, gone } = decided(debugSeries(batch, expected, road.summary), pulled);
  const comparison = compare(pulled, values, agreesWithPrinted);
  assertNothingDiffers(comparison, where);
  const left = road.marksGone ? [...before.keys()].filter((key) => !pulled.has(key)) : [];
  assert.deepEqual([...gone].sort(), left.sort(), `${where}, points without a value`);
  return comparison.compared;
}

/**
 * Zeros that may be points without a value count as such where nothing is pulled. Whether they were, the prometheus exporter
 * tells.
 */
function decided({ values, gone, zeroOrGone }: DebugSeries, pulled: SeriesMap): Omit<DebugSeries, 'zeroOrGone'> {
  const left = new Set([...zeroOrGone].filter((key) => !pulled.has(key)));
  return { values: new Map([...values].filter(([key]) => !left.has(key))), gone: new Set([...gone, ...left]) };
}

/**
 * Pull, push, scrape of the Collector. A live series must not expire between the last two: where the machine was that slow, all
 * is done again.
 */
async function read(rig: Rig) {
  const { collector, daemon, expirationMs = Infinity } = rig;
  for (;;) {
    daemon.advance();
    const { families, pulled } = await pull(daemon);
    const before = rig.pushedBefore;
    const printed = collector.batches().length;
    const started = performance.now();
    await daemon.push();
    rig.pushedBefore = pulled;
    const text = await collector.scrape();
    const isInTime = performance.now() - started < expirationMs;
    const batch = await collector.lastBatch(printed + 1);
    if (isInTime) return { families, pulled, before, batch, text };
  }
}

async function pull({ url }: Daemon): Promise<{ families: readonly ParsedFamily[]; pulled: SeriesMap }> {
  const text = familiesOf(await scrape(url, 'text/plain'), 'text');
  const pulled = seriesOf(text);
  const open = familiesOf(await scrape(url, openMetrics), 'openmetrics');
  assertNothingDiffers(compare(pulled, seriesOf(open), Object.is), 'the two formats');
  return { families: withSummaries(text, open), pulled };
}

/** Text 0.0.4 may show a summary as two counters; OpenMetrics shows what it is. */
function withSummaries(text: readonly ParsedFamily[], open: readonly ParsedFamily[]): readonly ParsedFamily[] {
  const summaries = open.filter(({ name, kind }) => kind === 'summary' && !text.some((family) => family.name === name));
  const parts = new Set(summaries.flatMap(({ name }) => [`${name}_sum`, `${name}_count`]));
  return [...text.filter(({ name }) => !parts.has(name)), ...summaries];
}

/** A summary that is pushed as a histogram without bounds has the one bucket that every histogram has. */
function withoutInfBucketsOfSummaries(series: SeriesMap, pulled: readonly ParsedFamily[]): SeriesMap {
  const summaries = pulled.filter((family) => family.kind === 'summary').map((family) => `${family.name}_bucket{`);
  return new Map([...series].filter(([key]) => !summaries.some((start) => key.startsWith(start))));
}

function assertNothingDiffers({ differingSeries, differingValues }: Comparison, where: string): void {
  assert.deepEqual({ differingSeries, differingValues }, { differingSeries: [], differingValues: [] }, where);
}

/** HELP and TYPE of every family that has series. */
function assertSameMetadata(pulled: readonly ParsedFamily[], pushed: readonly ParsedFamily[], { summary }: Road): void {
  const facts = (families: readonly ParsedFamily[], summaryAs: string) =>
    families
      .filter((family) => family.samples.length > 0)
      .map(({ name, kind, help }) => `${name} ${kind === 'summary' ? summaryAs : kind}: ${help}`)
      .sort();
  assert.deepEqual(facts(pushed, 'summary'), facts(pulled, summary.toLowerCase()));
}

/** Asserts that every family of the contract, and every value of every closed label, is among the series. */
export function assertNothingLeftOut(contract: Contract, series: SeriesMap): void {
  const keys = [...series.keys()];
  for (const metric of Object.values(contract.metrics)) {
    const own = keys.filter((key) => new RegExp(`^${metric.series}(_bucket|_sum|_count)?\\{`).test(key));
    assert.ok(own.length > 0, `${metric.series} is not among the series compared`);
    for (const [label, { kind, ...rest }] of Object.entries(metric.labels)) {
      const values = kind === 'closed' && 'values' in rest ? rest.values : [];
      for (const value of values) {
        const shown = `${label}=${JSON.stringify(value)}`;
        assert.ok(
          own.some((key) => key.includes(shown)),
          `${metric.series} with ${shown} is not among the series compared`,
        );
      }
    }
  }
}
