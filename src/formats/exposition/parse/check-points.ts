/**
 * The rules that the samples of one label set keep together, while they pass: in OpenMetrics they are together; in text 0.0.4
 * those of a histogram may be in any order.
 */
import type { Kind } from '../../../core/naming/kind.ts';
import type { TextFormat } from '../format.ts';
import { seriesText } from './check-sample.ts';
import type { FindingId } from './findings.ts';
import { createFingerprintSet, hashed } from './fingerprints.ts';
import { faultOf, type ParsedSample, type Report } from './parsed.ts';
import { numberOf } from './scan.ts';

export const mostSeries = 1_000_000;
const mostPoints = 50_000;

/** What of a family the rules need. */
export interface FamilyHead {
  readonly name: string;
  readonly kind: Kind | undefined;
}

/** The samples of one label set at one time. */
interface Point {
  readonly line: number;
  readonly shown: string;
  readonly timestamp: number | undefined;
  total: boolean;
  count: number | undefined;
  sum: number | undefined;
  gaugeSum: number | undefined;
  /** OpenMetrics: the last bucket alone. */
  readonly bounds: number[];
  readonly counts: number[];
  negative: boolean;
  broken: FindingId | undefined;
}

export interface PointChecker {
  /** `hashed` has the sample's numbers, without its name and time. */
  sample(family: FamilyHead, sample: ParsedSample, line: number): void;
  end(family: FamilyHead): void;
}

export function createPointChecker(format: TextFormat, report: Report): PointChecker {
  return format === 'openmetrics' ? createRunChecker(report) : createHistogramChecker(report);
}

/** OpenMetrics: the samples of a label set are together, all with a timestamp or none, the times going forward. */
function createRunChecker(report: Report): PointChecker {
  const seen = createFingerprintSet(mostSeries);
  let open: Point | undefined;
  let first = 0;
  let second = 0;

  function sample(family: FamilyHead, read: ParsedSample, line: number): void {
    // The samples of an info family cannot be distinguished: all their labels belong to the value.
    const shared1 = family.kind === 'info' ? 1 : hashed.shared1;
    const shared2 = family.kind === 'info' ? 1 : hashed.shared2;
    const other = open === undefined || shared1 !== first || shared2 !== second;
    if (other) {
      if (seen.add(shared1, shared2) === false) report(line, faultOf('series-apart', 1, seriesText(read)));
    } else if ((open?.timestamp === undefined) !== (read.timestamp === undefined)) {
      report(line, faultOf('time-mixed', 1, seriesText(read)));
    } else if ((open?.timestamp ?? 0) > (read.timestamp ?? 0) && family.kind !== 'info') {
      report(line, faultOf('time-order', 1, seriesText(read)));
    }
    if (open === undefined || other || open.timestamp !== read.timestamp) {
      close(family);
      first = shared1;
      second = shared2;
      open = startPoint(family, read, line, true);
    }
    const suffix = suffixOf(family, read);
    if (suffix === '_bucket') addBucketInOrder(open, read);
    else addPart(open, suffix, read.value);
  }

  function close(family: FamilyHead): void {
    if (open === undefined) return;
    if (isHistogram(family)) checkHistogram(open, 'openmetrics', report);
    if (family.kind === 'counter' && !open.total) report(open.line, faultOf('counter-total', 1, family.name));
    open = undefined;
  }

  return {
    sample,
    end(family) {
      close(family);
      seen.clear();
    },
  };
}

/**
 * Text 0.0.4. A histogram that is complete when another begins is checked then, and what comes of it later is not; otherwise the
 * points of a large family would be kept until its end.
 */
function createHistogramChecker(report: Report): PointChecker {
  const incomplete = new Map<string, Point>();
  const complete = createFingerprintSet(mostSeries);
  let full = false;
  let open: Point | undefined;
  let first = 0;
  let second = 0;

  function leave(): void {
    if (open === undefined) return;
    if (open.count !== undefined && open.sum !== undefined && open.bounds.at(-1) === Infinity) {
      complete.add(first, second);
      finish(open);
    } else incomplete.set(`${first},${second},${open.timestamp}`, open);
    open = undefined;
  }

  function finish(point: Point): void {
    sortBuckets(point);
    checkHistogram(point, 'text', report);
  }

  /** Undefined where nothing more is checked. */
  function enter(family: FamilyHead, read: ParsedSample, line: number): Point | undefined {
    if (incomplete.size > 0) {
      const key = `${first},${second},${read.timestamp}`;
      const point = incomplete.get(key);
      if (point !== undefined) {
        incomplete.delete(key);
        return point;
      }
    }
    if (complete.has(first, second) && read.timestamp === undefined) return undefined;
    if (incomplete.size < mostPoints) return startPoint(family, read, line, false);
    if (!full) report(line, faultOf('limit-points', 1, family.name));
    full = true;
    return undefined;
  }

  return {
    sample(family, read, line) {
      if (family.kind !== 'histogram') return;
      const { shared1, shared2 } = hashed;
      if (open === undefined || shared1 !== first || shared2 !== second || read.timestamp !== open.timestamp) {
        leave();
        first = shared1;
        second = shared2;
        open = enter(family, read, line);
        if (open === undefined) return;
      }
      const suffix = suffixOf(family, read);
      if (suffix === '_bucket') addBucket(open, read);
      else addPart(open, suffix, read.value);
    },
    end() {
      leave();
      for (const point of incomplete.values()) finish(point);
      incomplete.clear();
      complete.clear();
      full = false;
    },
  };
}

function suffixOf(family: FamilyHead, read: ParsedSample): string {
  return read.name.length === family.name.length ? '' : read.name.slice(family.name.length);
}

function isHistogram(family: FamilyHead): boolean {
  return family.kind === 'histogram' || family.kind === 'gaugehistogram';
}

/** The label that distinguishes the samples of one point. */
export function ownLabel(family: FamilyHead, name: string): string | undefined {
  if (family.kind === 'stateset') return family.name;
  if (family.kind === 'summary' && name.length === family.name.length) return 'quantile';
  return isHistogram(family) && name.endsWith('_bucket') ? 'le' : undefined;
}

/** @param show the finding shows the labels; those of many points would keep the exposition in memory */
function startPoint(family: FamilyHead, read: ParsedSample, line: number, show: boolean): Point {
  const parts = { total: false, count: undefined, sum: undefined, gaugeSum: undefined, negative: false, broken: undefined };
  if (!isHistogram(family)) return { line, shown: '', timestamp: read.timestamp, ...parts, bounds: none, counts: none };
  if (!show) return { line, shown: family.name, timestamp: read.timestamp, ...parts, bounds: [], counts: [] };
  const own = ownLabel(family, read.name);
  const labels = read.labels.filter(([name]) => name !== own).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const text = labels.length === 0 ? family.name : `${family.name}{${labels.join(',')}}`;
  return { line, shown: text, timestamp: read.timestamp, ...parts, bounds: [], counts: [] };
}

const none: number[] = [];

function addPart(point: Point, suffix: string, value: number): void {
  if (suffix === '_total') point.total = true;
  else if (suffix === '_count' || suffix === '_gcount') point.count ??= value;
  else if (suffix === '_sum') point.sum ??= value;
  else if (suffix === '_gsum') point.gaugeSum ??= value;
}

function addBucket(point: Point, read: ParsedSample): void {
  const bound = boundOf(read);
  if (bound < 0) point.negative = true;
  point.bounds.push(bound);
  point.counts.push(read.value);
}

function addBucketInOrder(point: Point, read: ParsedSample): void {
  if (point.bounds === none) return;
  const { bounds, counts } = point;
  const bound = boundOf(read);
  if (bound < 0) point.negative = true;
  if (bounds.length > 0) compare(point, bounds[0] as number, counts[0] as number, bound, read.value);
  bounds[0] = bound;
  counts[0] = read.value;
}

function compare(point: Point, bound: number, count: number, nextBound: number, nextCount: number): void {
  if (nextBound <= bound) point.broken ??= 'bucket-order';
  else if (nextCount < count) point.broken ??= 'bucket-cumulative';
}

/** Only where they do not are in order, which is rare. */
function sortBuckets(point: Point): void {
  const { bounds, counts } = point;
  if (bounds.some((bound, i) => bound < (bounds[i - 1] ?? -Infinity))) {
    const sorted = bounds.map((bound, i) => [bound, counts[i] as number] as const).sort((a, b) => a[0] - b[0]);
    for (const [i, [bound, count]] of sorted.entries()) {
      bounds[i] = bound;
      counts[i] = count;
    }
  }
  for (let i = 1; i < bounds.length; i++) {
    compare(point, bounds[i - 1] as number, counts[i - 1] as number, bounds[i] as number, counts[i] as number);
  }
}

/** OpenMetrics 1.0, "Histogram"; text 0.0.4, "Histograms and summaries". */
function checkHistogram(point: Point, format: TextFormat, report: Report): void {
  const broken = point.broken ?? histogramRule(point, format);
  if (broken !== undefined) report(point.line, faultOf(broken, 1, point.shown));
}

function histogramRule(point: Point, format: TextFormat): FindingId | undefined {
  const { bounds, counts, count, sum, gaugeSum, negative } = point;
  if (bounds.at(-1) !== Infinity) return 'bucket-infinite';
  if (count !== undefined && count !== counts.at(-1)) return 'histogram-count';
  const hasSum = sum !== undefined || gaugeSum !== undefined;
  // Text has no such rule: there a sum that is unknown is left out beside its count.
  if (hasSum !== (count !== undefined) && (hasSum || format !== 'text')) return 'histogram-sum';
  if (format === 'text') return undefined;
  if (negative && sum !== undefined) return 'histogram-negative';
  return !negative && (gaugeSum ?? 0) < 0 ? 'gauge-histogram-sum' : undefined;
}

function boundOf(sample: ParsedSample): number {
  const le = sample.labels.find(([name]) => name === 'le')?.[1];
  return (le === undefined ? undefined : numberOf(le)) ?? Number.NaN;
}
