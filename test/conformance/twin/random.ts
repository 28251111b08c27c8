/**
 * Random requests without what the list of differences names: names keep their type and metadata, points are sound, deltas follow
 * one another without a gap.
 */
import fc from 'fast-check';
import {
  type Attributes,
  buckets,
  exponential,
  exponentialHistogram,
  from,
  gauge,
  histogram,
  type Metric,
  number,
  type Point,
  quantiles,
  type Request,
  sum,
  summary,
} from './requests.ts';

interface Shape {
  /** Seconds since the stream's last point, or before it. */
  readonly passes: number;
  readonly attributes: Attributes;
  readonly value: number;
  readonly counts: readonly number[];
  readonly bounds: readonly number[];
}

const strings = fc.constantFrom('a', 'b', 'ä"\\\n');
const attributes = fc.record(
  { k: strings, 'http.route': strings, n: fc.constantFrom(1n, -5n, 2.5), yes: fc.constant(true) },
  { requiredKeys: [] },
);
const shape: fc.Arbitrary<Shape> = fc.record({
  passes: fc.constantFrom(1, 1, 1, 2, 0, -1),
  attributes,
  value: fc.oneof(fc.nat(1_000), fc.double({ min: 0, max: 1e12, noNaN: true })),
  counts: fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }),
  bounds: fc.constantFrom([1, 10], [1, 10], [1, 10], [0.5, 2.5]),
});
const batch = fc.record({
  resource: fc.constantFrom<Attributes>(
    { 'service.name': 'one', 'service.instance.id': 'i1' },
    { 'service.name': 'one', 'service.instance.id': 'i2', host: 'h', 'a.b': true },
    { 'service.name': 'two', 'service.namespace': 'n', 'service.instance.id': 'i1' },
    { 'service.name': 'three' },
    {},
  ),
  scope: fc.constantFrom({}, { name: 'lib', version: '1' }, { name: 'lib', attributes: { k: 'v' } }),
  metrics: fc.array(fc.record({ at: fc.nat(9), points: fc.array(shape, { minLength: 1, maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** Writes a metric's points; `time` and `start` are the stream's. */
type Write = (points: readonly (readonly [shape: Shape, time: number, start: number])[]) => Metric;
const options = ({ attributes: own }: Shape, start: number) => ({ attributes: own, start });
const each = (make: (shape: Shape, time: number, start: number) => Point) => (points: Parameters<Write>[0]) =>
  points.map((one) => make(...one));
const plain = each((one, time, start) => number(time, one.value, options(one, start)));
const signed = each((one, time, start) => number(time, one.value - 300, options(one, start)));
const histograms = each((one, time, start) =>
  buckets(time, one.counts, { bounds: one.bounds, sum: one.value, ...options(one, start) }),
);
const exponentials = each((one, time, start) =>
  exponential(time, one.counts[0] ?? 0, one.counts, { sum: one.value, ...options(one, start) }),
);
const summaries = each((one, time, start) =>
  quantiles(
    time,
    5,
    one.value,
    [
      [0.5, one.value],
      [0.9, one.value + 1],
    ],
    options(one, start),
  ),
);
const delta = { temporality: 'delta' } as const;

const kinds: readonly (readonly [isDelta: boolean, write: Write])[] = [
  [false, (points) => gauge('load', signed(points), { unit: '%', description: 'Of one.' })],
  [false, (points) => sum('jobs.done', plain(points), { unit: 'By' })],
  [true, (points) => sum('jobs.added', plain(points), delta)],
  [false, (points) => sum('queue', signed(points), { monotonic: false })],
  [true, (points) => sum('hidden', plain(points), { ...delta, monotonic: false })],
  [false, (points) => histogram('time', histograms(points), { unit: 's' })],
  [true, (points) => histogram('time.added', histograms(points), { ...delta, unit: 's' })],
  [false, (points) => exponentialHistogram('size', exponentials(points))],
  [true, (points) => exponentialHistogram('size.added', exponentials(points), delta)],
  [false, (points) => summary('wait', summaries(points), { unit: 'ms' })],
];

/** The same each time. */
export function randomRequests(count: number, seed: number): readonly Request[] {
  const last = new Map<string, number>();
  let now = 100;
  return fc.sample(batch, { numRuns: count, seed }).map(({ resource, scope, metrics }) => {
    now++;
    const written = metrics.map(({ at, points }) => {
      const [isDelta, write] = kinds[at] ?? (kinds[0] as (typeof kinds)[0]);
      return write(
        points.map((one) => [
          one,
          ...timesOf(one, isDelta, JSON.stringify([at, resource, scope, Object.entries(one.attributes).map(String).sort()])),
        ]),
      );
    });
    return from(resource, written, scope);
  });

  function timesOf({ passes: given }: Shape, isDelta: boolean, stream: string): readonly [time: number, start: number] {
    const before = last.get(stream) ?? now;
    const passes = last.has(stream) ? given : 1;
    const time = before + passes;
    last.set(stream, Math.max(before, time));
    if (!isDelta) return [time, 50];
    // One that overlaps the last one, or leaves a gap, is among the differences; one that is older is ignored.
    return [time, passes < 0 ? time - 1 : before];
  }
}
