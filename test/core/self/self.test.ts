import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { contract, gauge, lint } from '../../../src/core/contract/index.ts';
import { selfContract } from '../../../src/core/self/contract.ts';
import { addTime, countOne, createSelfTally } from '../../../src/core/self/tally.ts';
import { refusals } from '../../../src/library/series/refusals.ts';
import type { ScrapeEvent } from '../../../src/net/pull/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { scraped, scrapedOf } from '../../library/recording/scraped.ts';

const scrapeOutcomes = ['success', 'failed', 'timeout', 'too_large', 'busy', 'stale'] satisfies ScrapeEvent['outcome'][];
const declared = contract('host', { uptime: gauge({ observed: true, help: 'Uptime.' }) });

test('the own contract is without findings, and its closed sets are those of the parts', () => {
  assert.deepEqual(lint(selfContract), []);
  const values = (name: 'measurementsRefused' | 'scrapes') =>
    Object.values(selfContract.metrics[name].labels).flatMap((label) => ('values' in label ? [...label.values] : []));
  assert.deepEqual(values('measurementsRefused'), [...refusals]);
  assert.deepEqual(values('scrapes'), [...scrapeOutcomes]);
});

test('they are shown only when asked for', async () => {
  const quiet = testBridge(declared);
  assert.deepEqual(
    [...(await scraped(quiet.bridge)).keys()].filter((line) => line.startsWith('meterbridge')),
    [],
  );
  const { bridge } = testBridge(declared, { selfMetrics: true });
  const lines = await scrapedOf(bridge, 'meterbridge');
  for (const outcome of scrapeOutcomes) assert.equal(lines[`meterbridge_scrapes_total{outcome="${outcome}"}`], 0, outcome);
  for (const outcome of ['success', 'failed']) assert.equal(lines[`meterbridge_pushes_total{outcome="${outcome}"}`], 0, outcome);
  assert.equal(lines.meterbridge_attributes_dropped_total, 0);
  const { meterbridge_series: series } = await scrapedOf(bridge, 'meterbridge_series');
  assert.equal(
    series,
    Object.keys(lines).filter((line) => !/_sum$/.test(line)).length,
    'those of the first scrape, a summary counted once',
  );
});

test('scrapes and collections are counted by outcome, with their times', async () => {
  const { bridge, metrics } = testBridge(declared, { selfMetrics: true, callbackTimeoutMs: 2 });
  let say: () => number | Promise<number> = () => 1;
  metrics.uptime.observe(() => say());
  await scraped(bridge);
  say = () => {
    throw new Error('broken');
  };
  await scraped(bridge);
  let release = (_value: number) => {};
  say = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  const lines = await scrapedOf(bridge, 'meterbridge_');
  release(1);
  await setImmediate();
  assert.equal(lines['meterbridge_scrapes_total{outcome="success"}'], 2);
  assert.equal(lines.meterbridge_scrape_duration_seconds_count, 2);
  assert.equal(lines['meterbridge_collections_total{outcome="failed"}'], 1);
  assert.equal(lines['meterbridge_collections_total{outcome="late"}'], 1);
});

test('the age of the last good collection grows while it fails', async () => {
  const { bridge, metrics, clock } = testBridge(declared, { selfMetrics: true });
  const age = async () =>
    (await scrapedOf(bridge, 'meterbridge_collection_age'))['meterbridge_collection_age_seconds{family="host_uptime"}'];
  let broken = true;
  metrics.uptime.observe(() => {
    if (broken) throw new Error('broken');
    return 1;
  });
  assert.equal(await age(), undefined, 'never collected');
  broken = false;
  assert.equal(await age(), 0);
  clock.advance(15_000);
  assert.equal(await age(), 0, 'collected in this very scrape');
  broken = true;
  clock.advance(15_000);
  assert.equal(await age(), 15);
});

test('the tally adds up', () => {
  const tally = createSelfTally();
  countOne(tally.scrapes, 'success');
  countOne(tally.scrapes, 'success');
  addTime(tally.scrapeDuration, 0.5);
  addTime(tally.scrapeDuration, 0.25);
  assert.deepEqual([...tally.scrapes], [['success', 2]]);
  assert.deepEqual(tally.scrapeDuration, { count: 2, sum: 0.75 });
});
