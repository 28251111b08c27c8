/**
 * Random batches against a model: a map of series that holds to the rules in the plainest way, with times as bigints, attributes
 * as sorted strings and every decision written out again. Streams come and go, meet in one series, start anew, repeat themselves,
 * and expire.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { createRig } from './rig.ts';
import type { SentMetric, SentPoint } from './sender.ts';

interface ModelSeries {
  value: number | undefined;
  time: bigint;
  /** Start, time and value of the newest point, and whose it is. */
  newest: readonly [bigint, bigint, number];
  writer: ModelStream;
}
interface ModelStream {
  seen: number;
  readonly series: string;
  /** It has found its series, or made it. */
  joined: boolean;
}

const expireAfterMs = 50;
const most = 6;

const kinds = {
  gauge: { name: 'g', type: 'gauge' },
  cumulative: { name: 'c', type: 'sum', temporality: 2, monotonic: true },
  delta: { name: 'd', type: 'sum', temporality: 1, monotonic: true },
} as const;
type Kind = keyof typeof kinds;

interface Step {
  readonly afterMs: number;
  readonly process: string;
  readonly kind: Kind;
  readonly points: readonly Required<Pick<SentPoint, 'attributes' | 'start' | 'time' | 'double' | 'flags'>>[];
}

class Model {
  readonly series = new Map<string, ModelSeries>();
  readonly streams = new Map<string, ModelStream>();
  /** Series of deltas that expired. */
  readonly silent = new Map<string, ModelSeries>();
  refused = 0;

  take({ process, kind, points }: Step, now: number): void {
    const known = points.map((point) =>
      this.enter(`${process} ${kind} ${labelsOf(point)}`, `${kinds[kind].name}{${labelsOf(point)}}`, point, now),
    );
    points.forEach((point, index) => {
      const stream = known[index];
      if (stream !== undefined) this.apply(stream, kind, point, now);
    });
    for (const [key, { joined }] of this.streams) if (!joined) this.streams.delete(key);
  }

  private enter(key: string, series: string, point: Step['points'][number], now: number): ModelStream | undefined {
    const known = this.streams.get(key);
    if (known !== undefined) return known;
    if (point.flags === 1) {
      if (BigInt(point.time) >= (this.silent.get(series)?.time ?? 0n)) this.silent.delete(series);
      return undefined;
    }
    if (this.streams.size >= most) {
      this.refused++;
      return undefined;
    }
    const stream = { seen: now, series, joined: false };
    this.streams.set(key, stream);
    return stream;
  }

  private apply(stream: ModelStream, kind: Kind, point: Step['points'][number], now: number): void {
    const time = BigInt(point.time);
    const start = BigInt(point.start);
    const outlived = this.silent.get(stream.series);
    this.silent.delete(stream.series);
    if (outlived !== undefined) this.series.set(stream.series, { ...outlived, writer: stream });
    const series = this.series.get(stream.series);
    if (point.flags === 1) {
      if (series?.value === undefined || time < series.time) return;
      series.value = undefined;
      series.time = time;
      stream.seen = Number.NEGATIVE_INFINITY;
      return;
    }
    const counts = kind === 'gauge' || point.double >= 0;
    if (series?.value === undefined) {
      if (!counts) return;
      stream.joined = true;
      this.series.set(stream.series, { value: point.double, time, newest: [start, time, point.double], writer: stream });
      stream.seen = now;
      return;
    }
    stream.joined = true;
    if (
      kind === 'delta' &&
      start !== 0n &&
      stream === series.writer &&
      isDeepStrictEqual(series.newest, [start, time, point.double])
    ) {
      stream.seen = now;
      return;
    }
    // A change that is not added is lost to its sender; an older state is not.
    const late = time < series.time || (kind === 'delta' && start !== 0n && start < series.time);
    if (late && kind === 'delta') this.refused++;
    if (late) return;
    if (kind === 'delta') {
      if (counts) series.value += point.double;
    } else series.value = counts ? point.double : undefined;
    series.time = time;
    series.newest = [start, time, point.double];
    series.writer = stream;
    stream.seen = now;
  }

  expire(now: number): void {
    for (const [key, { seen }] of this.streams) if (seen < now - expireAfterMs) this.streams.delete(key);
    const written = new Set([...this.streams.values()].map(({ series }) => series));
    for (const [key, series] of this.series) {
      if (written.has(key)) continue;
      if (key.startsWith(kinds.delta.name) && series.value !== undefined) this.silent.set(key, series);
      this.series.delete(key);
    }
  }

  shown(): Record<string, number> {
    return Object.fromEntries([...this.series].flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])));
  }
}

function labelsOf({ attributes = {} }: SentPoint): string {
  const names = Object.keys(attributes).sort();
  return names.map((name) => `${name}="${attributes[name]}"`).join(',');
}

const attributes = fc.constantFrom<Record<string, string>[]>(
  {},
  { a: '1' },
  { a: '1', b: '2' },
  { b: '2', a: '1' },
  { b: '1', a: '2' },
);
const near = fc.integer({ min: 0, max: 12 });
const point = fc.record({
  attributes,
  start: near.map((nanos) => (nanos === 0 ? 0n : 1_795_357_530_000_000_000n + BigInt(nanos))),
  time: near.map((nanos) => 1_795_357_530_000_000_000n + BigInt(nanos)),
  double: fc.constantFrom(0, 1, 2.5, 100, -1, Number.NaN),
  flags: fc.constantFrom(0, 0, 0, 0, 0, 1),
});
const step: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.constantFrom(0, 0, 10, 40),
  process: fc.constantFrom('p', 'q'),
  kind: fc.constantFrom<Kind[]>('gauge', 'cumulative', 'delta'),
  points: fc.array(point, { maxLength: 6 }),
});

it('does what the rules say, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const rig = createRig({ expireAfterMs, limits: { series: most } });
      const model = new Model();
      let refused = 0;
      for (const one of steps) {
        rig.clock.now += one.afterMs;
        rig.received.expire();
        model.expire(rig.clock.now);
        const metric: SentMetric = { ...kinds[one.kind], points: one.points };
        refused += rig.send({ attributes: { process: one.process }, metrics: [metric] })?.points ?? 0;
        model.take(one, rig.clock.now);
        assert.deepEqual(rig.shown(), model.shown());
        assert.deepEqual(
          [rig.received.streams, refused, rig.received.silent],
          [model.streams.size, model.refused, model.silent.size],
        );
      }
    }),
    { numRuns: 1_000 },
  );
});
