/** The streams of OTLP in time: what each one's newest value is, and what is wrong with how its points follow each other. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricType, pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import { noRecordedValue, temporalities } from '../../../formats/otlp/wire/protobuf-tags.ts';
import { formOf } from '../../../service/received/forms/index.ts';
import { isBefore, PointTime } from '../../../service/received/streams/point-time.ts';
import { ruleOf } from '../../../service/received/streams/rules.ts';
import { pointVerdict, verdictOfTimes } from '../../../service/received/streams/temporality-rules.ts';
import type { MetricAtHand } from './metrics.ts';
import { added, addSamples, type PointValue, readPointValue } from './point-values.ts';
import type { Report } from './report.ts';

interface Stream {
  readonly origin: string;
  readonly metric: MetricAtHand;
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** Of the last point that counted. Nanoseconds since the epoch; 0 where absent. */
  start: bigint;
  time: bigint;
  /** What its next point is compared with: the last one's time, and the newest start. */
  readonly last: PointTime;
  /** Of deltas, the print of the newest one's value. */
  print: number;
  /** Undefined: it has none, or has gone. */
  value: PointValue | undefined;
}

/** More are not looked at. */
const mostStreams = 1_000_000;

export interface Streams {
  /** @param labels as of `NamedMetric.labels`. False: there are too many streams */
  take(batch: Batch, point: number, origin: string, metric: MetricAtHand, labels: Labels): Taken | undefined;
  /** The newest value of each sample, by `seriesKey`. */
  values(): ReadonlyMap<string, number>;
}

export interface Labels {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

export interface Taken {
  readonly value: PointValue;
  /** The stream is new. */
  readonly first: boolean;
  readonly hasStart: boolean;
}

export function createStreams(report: Report): Streams {
  const streams = new Map<string, Stream>();
  const at = new PointTime();

  return {
    take(batch, point, origin, metric, labels) {
      const key = JSON.stringify([origin, metric.number, ...labels.names, ...labels.values]);
      const known = streams.get(key);
      if (known === undefined && streams.size >= mostStreams) {
        report.add('otlp-limit-series', '', `series of ${metric.family}`, { line: metric.line, family: metric.family });
        return undefined;
      }
      const { index, view } = batch;
      const nanos = (column: number) => {
        const from = index[point + column] as number;
        return from === 0 ? 0n : view.getBigUint64(from, true);
      };
      const times = { start: nanos(pointAt.start), time: nanos(pointAt.time) };
      const stream = known ?? newStream(origin, metric, labels);
      if (known === undefined) streams.set(key, stream);
      const isGone = ((index[point + pointAt.flags] as number) & noRecordedValue) !== 0;
      const value = readPointValue(batch, point, metric.type);
      checkPoint(report, metric, stream, times, value, isGone);
      at.read(batch, point);
      const counted = isGone ? goes(stream, at) : apply(stream, metric, batch, point, at, value);
      if (counted) Object.assign(stream, times);
      return { value, first: known === undefined, hasStart: times.start !== 0n };
    },
    values() {
      const all = new Map<string, number>();
      const times = new Map<string, Stream>();
      for (const stream of streams.values()) {
        if (stream.value === undefined) continue;
        const labels = stream.names.map((name, at) => [name, stream.values[at] as string] as const);
        const series = JSON.stringify([stream.metric.family, ...stream.names, ...stream.values]);
        const other = times.get(series);
        if (other !== undefined && other.origin !== stream.origin) sayTargets(report, stream, other);
        if (other !== undefined && other.time > stream.time) continue;
        times.set(series, stream);
        addSamples(all, stream.metric.family, labels, stream.metric.type, stream.value);
      }
      return all;
    },
  };
}

function sayTargets(report: Report, { metric, origin }: Stream, other: Stream): void {
  report.add('otlp-targets', '', `${metric.family} of ${origin}, and of ${other.origin}`, { family: metric.family });
}

interface Times {
  readonly start: bigint;
  readonly time: bigint;
}

function checkPoint(
  report: Report,
  metric: MetricAtHand,
  before: Stream,
  { start, time }: Times,
  value: PointValue,
  isGone: boolean,
): void {
  const { name, family, line, type, temporality, monotonic } = metric;
  const place = { line, family };
  if (time === 0n) report.add('otlp-time', name, `${name}, without timeUnixNano`, place);
  if (start > time) report.add('otlp-start-late', name, `${name}, ${start} after ${time}`, place);
  const hasTemporality = type !== metricType.gauge && type !== metricType.summary;
  if (isGone || !hasTemporality) return;
  if (start === 0n) report.add('otlp-start', name, `${name}, without startTimeUnixNano`, place);
  if (time !== 0n && time < before.time) report.add('otlp-order', name, `${name}, ${time} after ${before.time}`, place);
  if (type !== metricType.sum || !monotonic) return;
  if (value.number < 0) report.add('otlp-negative', name, `${name} is ${value.number}`, place);
  const went = before.value?.number;
  const isSame = temporality === temporalities.cumulative && start === before.start && time >= before.time;
  if (isSame && went !== undefined && value.number < went) {
    report.add('otlp-fell', name, `${name} from ${went} to ${value.number}`, place);
  }
}

function newStream(origin: string, metric: MetricAtHand, { names, values }: Labels): Stream {
  return { origin, metric, names, values, start: 0n, time: 0n, last: new PointTime(), print: 0, value: undefined };
}

/** It has no value from here on. Returns false if it has a newer one. */
function goes(stream: Stream, { high, low }: PointTime): boolean {
  const { last } = stream;
  if (stream.value === undefined || isBefore(high, low, last.high, last.low)) return false;
  stream.value = undefined;
  return true;
}

/** What the point is for the page, by the rules of what is received. Returns false if it is not shown. */
function apply(stream: Stream, metric: MetricAtHand, batch: Batch, point: number, time: PointTime, value: PointValue): boolean {
  const { type, temporality, monotonic } = metric;
  const [rule, form, { last }] = [ruleOf(type, temporality, monotonic), formOf(type), stream];
  if (rule === 'temporality_unspecified' || rule === 'delta_not_monotonic') return false;
  const isAccepted = form.accepts(batch, point, { counts: monotonic });
  const print = rule === 'delta' ? form.print(batch, point) : 0;
  if (stream.value === undefined) {
    if (!isAccepted) return false;
    last.set(time.high, time.low, time.startHigh, time.startLow);
    [stream.value, stream.print] = [value, print];
    return true;
  }
  const verdict = verdictOfTimes(rule, time, last.high, last.low, last.startHigh, last.startLow, print === stream.print);
  if (verdict === pointVerdict.older || verdict === pointVerdict.overlap || verdict === pointVerdict.repeat) return false;
  const adds = verdict === pointVerdict.add || verdict === pointVerdict.gap;
  if (isAccepted) stream.value = adds ? added(stream.value, value) : value;
  else if (rule !== 'delta') stream.value = undefined;
  const keepsStart = rule !== 'delta' && isBefore(time.startHigh, time.startLow, last.startHigh, last.startLow);
  if (keepsStart) last.set(time.high, time.low, last.startHigh, last.startLow);
  else last.set(time.high, time.low, time.startHigh, time.startLow);
  stream.print = print;
  return true;
}
