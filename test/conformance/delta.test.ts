/**
 * Deltas at a real Collector. Its prometheus exporter adds them up as long as each begins where the last one ended, and starts
 * anew where one does not: what it serves is what is pulled only if no time is missing or told twice.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Collector, startCollector } from './collector.ts';
import { samplesOf } from './debug-series.ts';
import { scrape } from './equality.ts';
import { expectedOfFixture } from './fixture-contract.ts';
import { startFixtureDaemon } from './fixture-daemon.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { random } from './random.ts';
import { ownRoad } from './roads.ts';
import { compare, familiesOf, type SeriesMap, seriesOf } from './series.ts';

const rounds = 4;
const steps = 200;
/** `%f` rounds each delta by up to half a millionth. */
const printedError = rounds * 0.500_001e-6;

const deltas = ['counter', 'histogram'] as const;
const temporalities = { counter: 'Delta', histogram: 'Delta', updowncounter: 'Cumulative' } as const;

for (const protocol of ['http/protobuf', 'http/json'] as const) {
  test(`pull equals what a Collector makes of deltas (${protocol})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const generator = random();
    t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
    const collector = await startCollector(t, binary);
    atEnd(collector.stop);
    const road = { ...ownRoad, push: { protocol, temporality: 'delta' } } as const;
    const daemon = await startFixtureDaemon(generator, collector.endpoint, road);
    atEnd(daemon.close);

    let pulled: SeriesMap = new Map();
    for (let round = 1; round <= rounds; round++) {
      daemon.run(steps);
      daemon.advance();
      await daemon.push();
      pulled = seriesOf(familiesOf(await scrape(daemon.url, 'text/plain'), 'text'));
      const exported = compare(pulled, seriesOf(familiesOf(await collector.scrape(), 'text')), isNear(0));
      assert.deepEqual(exported, { compared: pulled.size, differingSeries: [], differingValues: [] }, `round ${round}`);
      await collector.lastBatch(round);
    }
    const summed = compare(pulled, sumsOf(collector), isNear(printedError));
    assert.deepEqual(summed, { compared: pulled.size, differingSeries: [], differingValues: [] });
    t.diagnostic(`${pulled.size} series compared; 0 differ`);
  });
}

/** Sums of doubles in another order differ in their last digits. */
function isNear(error: number): (a: number, b: number) => boolean {
  return (a, b) => Object.is(a, b) || Math.abs(a - b) <= error + 1e-12 * Math.abs(a);
}

/** What the debug exporter has printed, deltas added up; of everything else the last value. */
function sumsOf(collector: Collector): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { metrics } of collector.batches()) {
    for (const metric of metrics) {
      const instrument = expectedOfFixture[metric.name];
      assert.ok(instrument, metric.name);
      const { kind } = instrument;
      assert.equal(
        metric.temporality,
        (temporalities as Partial<Record<typeof kind, string>>)[kind],
        `temporality of ${metric.name}`,
      );
      const adds = (deltas as readonly string[]).includes(kind);
      for (const point of metric.points) {
        for (const [key, printed] of samplesOf(metric, point, instrument)) {
          const value = Number(printed.replace('Inf', 'Infinity'));
          sums.set(key, adds ? (sums.get(key) ?? 0) + value : value);
        }
      }
    }
  }
  return sums;
}
