/** *Pull equals push*: what a daemon serves and what a Collector made of what it pushed, series by series. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../src/contract/index.ts';
import type { ParsedFamily } from '../../src/exposition/parsed.ts';
import type { Collector } from './collector.ts';
import { agreesWithPrinted, debugSeries, type ExpectedInstruments } from './debug-series.ts';
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
  /** The Collector's `metric_expiration`. */
  readonly expirationMs: number;
}

export const openMetrics = 'application/openmetrics-text; version=1.0.0';

export async function scrape(url: string, accept: string): Promise<string> {
  const answer = await fetch(url, { headers: { accept } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.text();
}

/** Scrapes the daemon in both formats, pushes, reads both of the Collector's exporters, and asserts that no series and no value differs. */
export async function assertPullEqualsPush(test: TestContext, rig: Rig, when: string): Promise<SeriesMap> {
  const { families, pulled, batch, text } = await read(rig);
  const printed = compare(pulled, debugSeries(batch, rig.expected), agreesWithPrinted);
  assertNothingDiffers(printed, `${when}, debug exporter`);
  const exposed = familiesOf(text, 'text');
  const exported = compare(pulled, withoutInfBucketsOfSummaries(seriesOf(exposed), families), Object.is);
  assertNothingDiffers(exported, `${when}, prometheus exporter`);
  assertSameMetadata(families, exposed);
  test.diagnostic(
    `${when}: ${exported.compared} series compared at the prometheus exporter, ${printed.compared} in the debug text; 0 differ`,
  );
  return pulled;
}

/** The same after series have gone: at once in the last batch that was pushed, at the prometheus exporter once they have expired there. */
export async function assertGoneSeriesLeave(test: TestContext, rig: Rig, before: SeriesMap): Promise<void> {
  const { pulled, batch } = await read(rig);
  const gone = [...before.keys()].filter((key) => !pulled.has(key));
  assert.ok(gone.length > 0, 'nothing has gone');
  assertNothingDiffers(compare(pulled, debugSeries(batch, rig.expected), agreesWithPrinted), 'the last batch after series have gone');
  test.diagnostic(`${gone.length} series have gone, and are not in the last batch`);

  await sleep(rig.expirationMs);
  await assertPullEqualsPush(test, rig, `${rig.expirationMs} ms after series have gone`);
}

/** Pull, push, scrape of the Collector. A live series must not expire between the last two: where the machine was that slow, all is done again. */
async function read({ collector, daemon, expirationMs }: Rig) {
  for (;;) {
    daemon.advance();
    const { families, pulled } = await pull(daemon);
    const printed = collector.batches().length;
    const started = performance.now();
    await daemon.push();
    const text = await collector.scrape();
    if (performance.now() - started < expirationMs) return { families, pulled, batch: await collector.lastBatch(printed + 1), text };
  }
}

async function pull({ url }: Daemon): Promise<{ families: readonly ParsedFamily[]; pulled: SeriesMap }> {
  const families = familiesOf(await scrape(url, 'text/plain'), 'text');
  const pulled = seriesOf(families);
  const inOpenMetrics = seriesOf(familiesOf(await scrape(url, openMetrics), 'openmetrics'));
  assertNothingDiffers(compare(pulled, inOpenMetrics, Object.is), 'the two formats');
  return { families, pulled };
}

/** A summary without quantiles is pushed as a histogram without bounds, which has the one bucket that every histogram has. */
function withoutInfBucketsOfSummaries(series: SeriesMap, pulled: readonly ParsedFamily[]): SeriesMap {
  const summaries = pulled.filter((family) => family.kind === 'summary').map((family) => `${family.name}_bucket{`);
  return new Map([...series].filter(([key]) => !summaries.some((start) => key.startsWith(start))));
}

function assertNothingDiffers({ differingSeries, differingValues }: Comparison, where: string): void {
  assert.deepEqual({ differingSeries, differingValues }, { differingSeries: [], differingValues: [] }, where);
}

/** HELP and TYPE of every family that has series; a summary arrives as a histogram. */
function assertSameMetadata(pulled: readonly ParsedFamily[], pushed: readonly ParsedFamily[]): void {
  const facts = (families: readonly ParsedFamily[]) =>
    families
      .filter((family) => family.samples.length > 0)
      .map(({ name, kind, help }) => `${name} ${kind === 'summary' ? 'histogram' : kind}: ${help}`)
      .sort();
  assert.deepEqual(facts(pushed), facts(pulled));
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
