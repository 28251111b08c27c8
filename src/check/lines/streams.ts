/** The streams of OTLP in time: what each one's newest value is, and what is wrong with how its points follow each other. */
import type { Batch } from '../../otlp/batch/batch.ts';
import { metricType, pointAt } from '../../otlp/batch/batch-index.ts';
import { noRecordedValue, temporalities } from '../../otlp/wire/protobuf-tags.ts';
import type { MetricAtHand } from './metrics.ts';
import { added, addSamples, type PointValue, readPointValue } from './point-values.ts';
import type { Report } from './report.ts';

interface Stream {
  readonly origin: string;
  readonly metric: MetricAtHand;
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** Nanoseconds since the epoch; 0 where absent. */
  start: bigint;
  time: bigint;
  /** Undefined: it has gone. */
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
        const at = index[point + column] as number;
        return at === 0 ? 0n : view.getBigUint64(at, true);
      };
      const times = { start: nanos(pointAt.start), time: nanos(pointAt.time) };
      const stream = known ?? { origin, metric, names: labels.names, values: labels.values, start: 0n, time: 0n, value: undefined };
      if (known === undefined) streams.set(key, stream);
      const isGone = ((index[point + pointAt.flags] as number) & noRecordedValue) !== 0;
      const value = readPointValue(batch, point, metric.type);
      checkPoint(report, metric, stream, times, value, isGone);
      apply(stream, metric, times, isGone ? undefined : value);
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

/** The newest value; a delta is added to the one before it. */
function apply(stream: Stream, { temporality }: MetricAtHand, { start, time }: Times, value: PointValue | undefined): void {
  if (time < stream.time) return;
  const isAdded = temporality === temporalities.delta && value !== undefined && stream.value !== undefined;
  stream.value = isAdded ? added(stream.value as PointValue, value) : value;
  if (temporality !== temporalities.delta || stream.start === 0n) stream.start = start;
  stream.time = time;
}
