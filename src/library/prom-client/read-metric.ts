/** A metric as a registry returns it, a value a line, as series. */
import { judgeDistribution, judgeNumber, type Wrong, wrongPoint } from './judge.ts';
import type { PromClientMetric, PromClientRegistry, PromClientValue } from './registry.ts';

const kinds = ['counter', 'gauge', 'histogram', 'summary'] as const;
export type PromClientKind = (typeof kinds)[number];

export interface Distribution {
  readonly count: number;
  readonly sum: number;
  /** Of a histogram: its buckets, not cumulative, the last up to +Inf. Of a summary: the values of its quantiles. */
  readonly parts: readonly number[];
}

export interface ReadSeries {
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly value: number | Distribution;
  /** It has no value that its kind can have, and is not shown. */
  readonly wrong?: Wrong | undefined;
}

const ways = ['sum', 'max', 'min', 'average', 'first', 'omit'] as const;
type Across = (typeof ways)[number];

/** The series of one metric that have one shape. */
export interface ReadFamily {
  /** Over several processes. Absent: the sum. */
  readonly across?: Across;
  readonly name: string;
  readonly help: string;
  readonly kind: PromClientKind;
  /** Bounds of a histogram, quantiles of a summary, ascending. */
  readonly points: readonly number[];
  readonly series: readonly ReadSeries[];
}

/**
 * One family, or several where its series differ in bounds or quantiles. Without series there is one, which shows HELP and TYPE.
 */
export function readMetric(metric: PromClientMetric, { contentType = '' }: PromClientRegistry): readonly ReadFamily[] {
  const kind = kinds.find((known) => known === metric.type);
  if (kind === undefined)
    throw new Error(`${metric.name} has the type ${String(metric.type)}, and not one of ${kinds.join(', ')}`);
  const isOpenMetrics = kind === 'counter' && contentType.startsWith('application/openmetrics');
  // Its own exposition takes the suffix off, and the metric's name stays so.
  const name = isOpenMetrics ? `${metric.name.replace(/_total$/, '')}_total` : metric.name;
  const across = ways.find((way) => way === metric.aggregator && (kind === 'gauge' || way === 'omit'));
  const head = { name, help: String(metric.help), kind, ...(across !== undefined && { across }) };
  const values = metric.values ?? [];
  if (kind === 'counter' || kind === 'gauge')
    return [{ ...head, points: [], series: values.map((one) => readNumber(kind, one)) }];
  const byPoints = new Map<string, { points: readonly number[]; series: ReadSeries[] }>();
  for (const lines of linesBySeries(values, kind).values()) {
    const points = [...lines.points.keys()].filter(Number.isFinite).sort((a, b) => a - b);
    const known = byPoints.get(points.join()) ?? { points, series: [] };
    byPoints.set(points.join(), known);
    const value = distributionOf(lines, points, kind);
    known.series.push({ names: lines.names, values: lines.values, value, wrong: lines.wrong ?? judgeDistribution(kind, value) });
  }
  if (byPoints.size === 0) return [{ ...head, points: [], series: [] }];
  return [...byPoints.values()].map((one) => ({ ...head, ...one }));
}

function readNumber(kind: 'counter' | 'gauge', { value, labels = {} }: PromClientValue): ReadSeries {
  const number = numberOf(value);
  return {
    names: Object.keys(labels),
    values: Object.values(labels).map(String),
    value: number,
    wrong: judgeNumber(kind, number),
  };
}

interface Lines {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** By bound or quantile. */
  readonly points: Map<number, number>;
  sum: number;
  count: number;
  wrong?: Wrong;
}

function linesBySeries(values: readonly PromClientValue[], kind: 'histogram' | 'summary'): Map<string, Lines> {
  // It distinguishes the lines of one series.
  const own = kind === 'histogram' ? 'le' : 'quantile';
  const all = new Map<string, Lines>();
  for (const { value, labels = {}, metricName = '' } of values) {
    const pairs = Object.entries(labels).filter(([name]) => name !== own);
    const names = pairs.map(([name]) => name);
    const texts = pairs.map(([, text]) => String(text));
    // Lines of a sum come with their labels in another order than those of buckets.
    const key = JSON.stringify(pairs.map(([name], at) => [name, texts[at]]).sort());
    const lines: Lines = all.get(key) ?? { names, values: texts, points: new Map<number, number>(), sum: 0, count: 0 };
    all.set(key, lines);
    const point = labels[own];
    if (point !== undefined) putPoint(lines, kind, point, numberOf(value));
    else if (metricName.endsWith('_sum')) lines.sum = numberOf(value);
    else if (metricName.endsWith('_count')) lines.count = numberOf(value);
  }
  return all;
}

/** prom-client shows a bound of `Infinity` beside its own `+Inf`: one of them is enough where both say the same. */
function putPoint(lines: Lines, kind: 'histogram' | 'summary', label: unknown, value: number): void {
  const point = label === '+Inf' ? Number.POSITIVE_INFINITY : Number(label);
  const isRepeated = lines.points.has(point) && !(point === Number.POSITIVE_INFINITY && lines.points.get(point) === value);
  if (isRepeated || Number.isNaN(point)) lines.wrong ??= wrongPoint(kind, label);
  lines.points.set(point, value);
}

function distributionOf(
  { points, sum, count }: Lines,
  ascending: readonly number[],
  kind: 'histogram' | 'summary',
): Distribution {
  const values = ascending.map((point) => points.get(point) as number);
  if (kind === 'summary') return { count, sum, parts: values };
  const upTo = [...values, points.get(Number.POSITIVE_INFINITY) ?? count];
  return { count, sum, parts: upTo.map((cumulative, at) => cumulative - (upTo[at - 1] ?? 0)) };
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Error(`a value is ${String(value)}, which is no number`);
}
