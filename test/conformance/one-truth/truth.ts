/**
 * Random measurements, how OpenTelemetry's API records them, and what Prometheus has to store of them. The model knows no
 * spellings: a value is its text, and an empty one is none.
 */
import type { Attributes, MeterProvider } from '@opentelemetry/api';
import type { Random } from '../random.ts';

export const kinds = ['count', 'level', 'time', 'now'] as const;
export type Kind = (typeof kinds)[number];

export interface Measurement {
  readonly kind: Kind;
  /** Whole, so that sums are exact in any order. */
  readonly value: number;
  readonly attributes: Attributes;
}

export const bounds: readonly number[] = [1, 10];

const spelled = {
  a: [{}, { a: '' }, { a: 1 }, { a: '1' }, { a: true }, { a: 'true' }, { a: ['x'] }, { a: '["x"]' }],
  b: [{}, { b: '' }, { b: 'y' }],
} as const;
const plain = { a: [{}, { a: '1' }, { a: 'true' }], b: [{}, { b: 'y' }] } as const;

/** @param of the kinds that there are @param alike those of them whose attributes have one spelling each */
export function measurements(
  { pick, between }: Random,
  count: number,
  of: readonly Kind[],
  alike: readonly Kind[] = [],
): Measurement[] {
  return Array.from({ length: count }, () => {
    const kind = pick(of);
    const { a, b } = alike.includes(kind) ? plain : spelled;
    return { kind, value: between(0, 20), attributes: { ...pick<Attributes>(a), ...pick<Attributes>(b) } };
  });
}

export function record(meters: Pick<MeterProvider, 'getMeter'>, measured: readonly Measurement[]): void {
  const meter = meters.getMeter('lib');
  const instruments = {
    count: meter.createCounter('truth.count'),
    level: meter.createUpDownCounter('truth.level'),
    time: meter.createHistogram('truth.time', { advice: { explicitBucketBoundaries: [...bounds] } }),
    now: meter.createGauge('truth.now'),
  };
  for (const { kind, value, attributes } of measured) {
    if (kind === 'time' || kind === 'now') instruments[kind].record(value, attributes);
    else instruments[kind].add(value, attributes);
  }
}

/** Values by `name{labels}`. */
export type Truth = ReadonlyMap<string, number>;

export function truthOf(measured: readonly Measurement[]): Truth {
  const values = new Map<string, number>();
  const keyOf = (name: string, labels: readonly string[]) => `${name}{${[...labels].sort().join()}}`;
  const add = (key: string, value: number) => values.set(key, (values.get(key) ?? 0) + value);
  for (const { kind, value, attributes } of measured) {
    const labels = labelsOf(attributes);
    if (kind === 'now') values.set(keyOf('truth_now', labels), value);
    else if (kind !== 'time') add(keyOf(kind === 'count' ? 'truth_count_total' : 'truth_level', labels), value);
    else {
      for (const bound of [...bounds, Number.POSITIVE_INFINITY])
        add(keyOf('truth_time_bucket', [...labels, `le=${bound}`]), value <= bound ? 1 : 0);
      add(keyOf('truth_time_count', labels), 1);
      add(keyOf('truth_time_sum', labels), value);
    }
  }
  return values;
}

function labelsOf(attributes: Attributes): readonly string[] {
  return Object.entries(attributes).flatMap(([name, given]) => {
    const text = Array.isArray(given) ? JSON.stringify(given) : String(given);
    return text === '' ? [] : [`${name}=${text}`];
  });
}
