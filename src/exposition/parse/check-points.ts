/**
 * The rules that the samples of one family keep together: a series occurs once, the samples of one point are together, and a histogram is complete and
 * cumulative.
 */
import type { Kind } from '../../naming/kind.ts';
import type { TextFormat } from '../format.ts';
import { seriesText } from './check-sample.ts';
import type { Fault, ParsedSample } from './parsed.ts';
import { numberOf } from './scan.ts';

type Report = (line: number, fault: Fault) => void;

/** A family while its lines are read. `lines[i]` is the line of `samples[i]`. */
export interface OpenFamily {
  readonly name: string;
  readonly line: number;
  kind: Kind | undefined;
  help: string | undefined;
  unit: string | undefined;
  readonly samples: ParsedSample[];
  readonly lines: number[];
}

/** The samples of one label set at one time. */
interface Point {
  readonly labels: string;
  readonly timestamp: number | undefined;
  readonly line: number;
  readonly samples: ParsedSample[];
}

export function checkPoints(family: OpenFamily, format: TextFormat, report: Report): void {
  const points = format === 'openmetrics' ? consecutivePoints(family, report) : scatteredPoints(family);
  checkOnce(family, report);
  for (const point of points) {
    const broken = family.kind === 'histogram' || family.kind === 'gaugehistogram' ? histogramRule(family, point, format) : undefined;
    if (broken !== undefined) {
      const got = point.labels === '' ? family.name : `${family.name}{${point.labels}}`;
      report(point.line, { column: 1, rule: broken, got, fix: 'correct the samples of this histogram' });
    }
    if (family.kind === 'counter' && format === 'openmetrics' && !point.samples.some((sample) => sample.name.endsWith('_total'))) {
      report(point.line, { column: 1, rule: 'a counter has a _total', got: family.name, fix: 'add it' });
    }
  }
}

function checkOnce(family: OpenFamily, report: Report): void {
  const seen = new Set<string>();
  for (const [index, sample] of family.samples.entries()) {
    const key = `${sample.name}{${labelKey(sample.labels)}}@${sample.timestamp}`;
    if (seen.has(key)) {
      const fix = 'add up the values, or remove one';
      report(family.lines[index] ?? family.line, { column: 1, rule: 'a series occurs once', got: seriesText(sample), fix });
    }
    seen.add(key);
  }
}

/** OpenMetrics: the samples of a label set are together, all with a timestamp or none, the times going forward. */
function consecutivePoints(family: OpenFamily, report: Report): Point[] {
  const points: Point[] = [];
  const seen = new Set<string>();
  let last: Point | undefined;
  for (const [index, sample] of family.samples.entries()) {
    const line = family.lines[index] ?? family.line;
    const labels = pointLabels(family, sample);
    if (last?.labels !== labels) {
      if (seen.has(labels)) fault(line, sample, 'the samples of one label set are together', 'move them next to each other');
    } else if ((last.timestamp === undefined) !== (sample.timestamp === undefined)) {
      fault(line, sample, 'the samples of a label set all have a timestamp, or none has', 'leave the timestamps out');
    } else if ((last.timestamp ?? 0) > (sample.timestamp ?? 0) && family.kind !== 'info') {
      fault(line, sample, 'timestamps of a label set go forward', 'leave the timestamps out');
    }
    seen.add(labels);
    if (last?.labels !== labels || last.timestamp !== sample.timestamp) {
      last = { labels, timestamp: sample.timestamp, line, samples: [] };
      points.push(last);
    }
    last.samples.push(sample);
  }
  return points;

  function fault(line: number, sample: ParsedSample, rule: string, fix: string): void {
    report(line, { column: 1, rule, got: seriesText(sample), fix });
  }
}

/** Text 0.0.4: samples inside a family may be in any order. */
function scatteredPoints(family: OpenFamily): Point[] {
  const points = new Map<string, Point>();
  for (const [index, sample] of family.samples.entries()) {
    const labels = pointLabels(family, sample);
    const key = `${labels}@${sample.timestamp}`;
    const point = points.get(key) ?? { labels, timestamp: sample.timestamp, line: family.lines[index] ?? family.line, samples: [] };
    points.set(key, point);
    point.samples.push(sample);
  }
  return [...points.values()];
}

/** The labels that a point's samples have in common. */
function pointLabels(family: OpenFamily, sample: ParsedSample): string {
  // The samples of an info family cannot be distinguished: all their labels belong to the value.
  if (family.kind === 'info') return '';
  const own = ownLabel(family.name, family.kind, sample.name.slice(family.name.length));
  return labelKey(own === undefined ? sample.labels : sample.labels.filter(([name]) => name !== own));
}

function ownLabel(family: string, kind: Kind | undefined, suffix: string): string | undefined {
  if (kind === 'stateset') return family;
  if (kind === 'summary' && suffix === '') return 'quantile';
  return (kind === 'histogram' || kind === 'gaugehistogram') && suffix === '_bucket' ? 'le' : undefined;
}

function labelKey(labels: ParsedSample['labels']): string {
  return labels
    .map(([name, value]) => `${JSON.stringify(name)}=${JSON.stringify(value)}`)
    .sort()
    .join(',');
}

/** The rule that a histogram's point breaks, if any (OpenMetrics 1.0, "Histogram"; text 0.0.4, "Histograms and summaries"). */
function histogramRule(family: OpenFamily, point: Point, format: TextFormat): string | undefined {
  const named = (suffix: string): ParsedSample | undefined => point.samples.find((sample) => sample.name === family.name + suffix);
  const buckets = point.samples
    .filter((sample) => sample.name === `${family.name}_bucket`)
    .map((sample) => ({ bound: boundOf(sample), count: sample.value }));
  if (format === 'text') buckets.sort((a, b) => a.bound - b.bound);
  for (const [index, bucket] of buckets.entries()) {
    const before = buckets[index - 1];
    if (before === undefined) continue;
    if (bucket.bound <= before.bound) return 'the buckets of a histogram are in the order of their bounds';
    if (bucket.count < before.count) return 'the buckets of a histogram are cumulative';
  }
  const last = buckets.at(-1);
  if (last?.bound !== Infinity) return 'the last bucket of a histogram is +Inf';
  const count = named('_count') ?? named('_gcount');
  const sum = named('_sum') ?? named('_gsum');
  if (count !== undefined && count.value !== last.count) return 'the count of a histogram equals its +Inf bucket';
  if ((count === undefined) !== (sum === undefined)) return 'a histogram has both count and sum, or neither';
  if (format === 'text') return undefined;
  const negative = buckets.some((bucket) => bucket.bound < 0);
  if (negative && named('_sum') !== undefined) return 'a histogram with negative buckets has no sum';
  return !negative && (named('_gsum')?.value ?? 0) < 0 ? 'a gauge histogram without negative buckets has no negative sum' : undefined;
}

function boundOf(sample: ParsedSample): number {
  const le = sample.labels.find(([name]) => name === 'le')?.[1];
  return (le === undefined ? undefined : numberOf(le)) ?? Number.NaN;
}
