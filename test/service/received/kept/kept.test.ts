/**
 * Random batches on received series of which a snapshot is taken in small parts, while batches go on. What is loaded from its
 * parts, with the batches since its beginning repeated, has to be what the first one is: at that point, and after more batches. A
 * failure says the seed that METERBRIDGE_SEED takes.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import type { StatePart } from '../../../../src/service/received/index.ts';
import { repeated } from '../../../full.ts';
import { createRig, readExemplars } from '../rig.ts';
import { requestOf, type SentAttributes, type SentMetric, type SentPoint } from '../sender.ts';

const expireAfterMs = 50;
const epoch = 1_795_357_530_000_000_000n;
const trace = new Uint8Array(16).fill(7);

const metrics = {
  gauge: { name: 'g', type: 'gauge' },
  count: { name: 'c', type: 'sum', temporality: 2, monotonic: true },
  level: { name: 'l', type: 'sum', temporality: 2 },
  delta: { name: 'd', type: 'sum', temporality: 1, monotonic: true },
  buckets: { name: 'h', type: 'histogram', temporality: 2 },
  bucketDeltas: { name: 'hd', type: 'histogram', temporality: 1 },
  powers: { name: 'e', type: 'exponentialHistogram', temporality: 1 },
  quantiles: { name: 's', type: 'summary' },
  // Its name is another type's.
  other: { name: 'g', type: 'sum', temporality: 2, monotonic: true },
} as const satisfies Record<string, Omit<SentMetric, 'points'>>;
type Kind = keyof typeof metrics;

interface Step {
  readonly afterMs: number;
  readonly sweeps: boolean;
  readonly process: string;
  readonly kind: Kind;
  readonly description: string;
  readonly points: readonly SentPoint[];
}

const near = fc.integer({ min: 0, max: 12 });
const count = fc.integer({ min: 0, max: 5 });
const point: fc.Arbitrary<SentPoint> = fc
  .record({
    attributes: fc.constantFrom<Record<string, string>[]>(
      {},
      { a: '1' },
      { a: '1', b: '2' },
      { b: '2', a: '1' },
      { b: '1', a: '2' },
    ),
    start: near.map((nanos) => (nanos === 0 ? 0n : epoch + BigInt(nanos))),
    time: near.map((nanos) => epoch + BigInt(nanos)),
    double: fc.constantFrom(0, 1, 2.5, 1e17, -1, Number.NaN, Number.POSITIVE_INFINITY),
    flags: fc.constantFrom(0, 0, 0, 0, 0, 1),
    counts: fc.tuple(count, count, count),
    bounds: fc.constantFrom([1, 2], [1, 3], [0.1, Number.POSITIVE_INFINITY]),
    scale: fc.integer({ min: -3, max: 20 }),
    offset: fc.integer({ min: -500, max: 500 }),
    negative: fc.boolean(),
    hasSum: fc.constantFrom(true, true, false),
    exemplar: fc.boolean(),
  })
  .map(({ counts, offset, negative, hasSum, exemplar, double, ...rest }) => {
    const total = counts.reduce((sum, one) => sum + one, 0);
    return {
      ...rest,
      double,
      ...(hasSum && { sum: double }),
      counts,
      count: negative ? 2 * total : total,
      zeroCount: 0,
      positive: { offset, counts },
      ...(negative && { negative: { offset: offset + 1, counts } }),
      quantiles: [
        [0.5, double],
        [0.9, total],
      ] as const,
      ...(exemplar && {
        exemplars: [{ time: rest.time, double: total, trace, attributes: { n: total, 'a.b': 'x'.repeat(total) } }],
      }),
    };
  });
const step: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.constantFrom(0, 0, 5, 20),
  sweeps: fc.boolean(),
  process: fc.constantFrom('p', 'q', 'r'),
  kind: fc.constantFrom(...(Object.keys(metrics) as Kind[])),
  description: fc.constantFrom('one', 'two'),
  points: fc.array(point, { maxLength: 6 }),
});

const rigOf = () => createRig({ expireAfterMs, exemplars: true, timestamps: true });
type Rig = ReturnType<typeof rigOf>;

/** Whether one process writes to the series of another one, or one process to one series under several spellings. */
type Sharing = 'apart' | 'shared' | 'joined';

const spellings: Readonly<Record<string, (attributes: SentAttributes) => SentAttributes>> = {
  p: (attributes) => attributes,
  q: (attributes) => Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, Number(value)])),
  r: (attributes) => ({ ...attributes, e: '' }),
};

/** Returns what its sender is told. */
function play({ received, clock, send }: Rig, step: Step, sharing: Sharing, now: number): unknown {
  const { sweeps, process, kind, description, points } = step;
  clock.now = now;
  if (sweeps) received.expire();
  const instance = sharing === 'shared' && process === 'r' ? 'p' : process;
  if (sharing === 'joined') {
    const spelled = points.map((one) => ({ ...one, attributes: spellings[process]?.(one.attributes ?? {}) ?? {} }));
    return send({ attributes: { 'service.name': 'job' }, metrics: [{ ...metrics[kind], description, points: spelled }] })?.points;
  }
  const attributes = { process, 'service.name': 'job', 'service.instance.id': instance };
  return send({ attributes, metrics: [{ ...metrics[kind], description, points }] })?.points;
}

/** All that is shown, with metadata and exemplars, in no order. */
function all({ store, received, shown }: Rig) {
  const rows: string[] = [];
  store.view.walk({
    family: () => true,
    row(family, row, _generation, at) {
      const { name, help, unit, kind } = family.spec;
      const { names, values } = family.labels(row);
      const exemplars = readExemplars(family.rowLayout, family.cells, at, Number.NEGATIVE_INFINITY);
      rows.push(JSON.stringify([name, help, unit, kind, names, values, family.start(row), family.zeroAt(row), exemplars]));
    },
  });
  return { shown: shown(), rows: rows.sort(), families: received.names.families };
}

for (const sharing of ['apart', 'shared', 'joined'] as const) {
  it(`is what it was, whatever has come, also while its parts were taken: series ${sharing}`, () => comesBack(sharing));
}

function comesBack(sharing: Sharing): void {
  const steps = fc.array(step, { maxLength: 20 });
  const numRuns = repeated(100, 1_000, 3_000);
  const seed = process.env.METERBRIDGE_SEED;
  let loaded = 0;
  fc.assert(
    fc.property(steps, steps, steps, fc.integer({ min: 1, max: 5 }), (before, during, after, mostPoints) => {
      const rig = rigOf();
      let now = 0;
      let number = 0;
      const times: number[] = [];
      const next = (one: Step) => {
        now += one.afterMs;
        times.push(now);
        number++;
        return play(rig, one, sharing, now);
      };
      for (const one of before) next(one);
      const parts: { readonly part: StatePart; readonly upTo: number }[] = [];
      const states = rig.received.states(mostPoints);
      const take = () => {
        const { done, value } = states.next();
        if (value !== undefined) parts.push({ part: value, upTo: number });
        return done === true;
      };
      const since: Step[] = [];
      let isDone = false;
      for (const one of during) {
        isDone ||= take();
        // Nothing expires until all parts are taken.
        const played = { ...one, sweeps: one.sweeps && isDone };
        since.push(played);
        next(played);
      }
      while (!isDone) isDone = take();

      const other = rigOf();
      const { restoring } = other.received;
      other.clock.now = times[before.length] ?? now;
      for (const { part, upTo } of parts) {
        loaded += part.points;
        assert.equal(restoring.restore({ ...part, names: JSON.parse(JSON.stringify(part.names)) }, true, upTo), 0);
      }
      since.forEach((one, index) => {
        restoring.repeats(before.length + index + 1);
        play(other, one, sharing, times[before.length + index] as number);
      });
      restoring.end();
      rig.received.expire();
      other.clock.now = now;
      other.received.expire();
      assert.deepEqual(all(other), all(rig));
      for (const one of after) {
        const told = next(one);
        assert.deepEqual(play(other, one, sharing, now), told);
        assert.deepEqual(all(other), all(rig));
      }
    }),
    { numRuns, ...(seed !== undefined && { seed: Number(seed) }) },
  );
  assert.ok(loaded > numRuns);
}

it('writes nothing of batches that were read', () => {
  const bytes = requestOf({ metrics: [{ ...metrics.count, points: [{ time: 1n, double: 1 }] }] });
  const rig = rigOf();
  rig.received.take(readBatch(bytes));
  bytes.fill(255);
  const [part] = [...rig.received.states()];
  assert.equal(part?.points, 1);
  assert.equal(rigOf().received.restoring.restore(part as StatePart, true, 0), 0);
});
