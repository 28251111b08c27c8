/**
 * Reads what the Collector's debug exporter prints with `verbosity: detailed` back into data. The text is meant for people:
 * values are rounded to six decimals (`%f`), and a line break inside an attribute or a description is told from a new line only
 * by what follows.
 */

export interface DebugPoint {
  readonly attributes: Readonly<Record<string, string>>;
  readonly start: string;
  readonly time: string;
  /** `Value`, `Count`, `Sum`, `Min` and `Max`, as printed. */
  readonly numbers: Readonly<Record<string, string>>;
  readonly bounds: readonly string[];
  /** Not cumulative. */
  readonly buckets: readonly string[];
  /**
   * Of an exponential histogram: from (exclusive, where positive) and to, both as printed, and how many. The zeros' is from 0 to
   * 0.
   */
  readonly ranges: readonly (readonly [from: string, to: string, count: string])[];
  /** `Trace ID`, `Span ID`, `Timestamp` and `Value` of each, as printed. */
  readonly exemplars: readonly Readonly<Record<string, string>>[];
}

export interface DebugMetric {
  readonly scope: string;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** Sum, Gauge, Histogram, … */
  readonly type: string;
  readonly monotonic: boolean | undefined;
  readonly temporality: string | undefined;
  readonly points: readonly DebugPoint[];
}

/** What one push brought. */
export interface DebugBatch {
  readonly resource: Readonly<Record<string, string>>;
  readonly metrics: readonly DebugMetric[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
type Texts = Record<string, string>;
type MutablePoint = Mutable<DebugPoint> & { numbers: Texts };

/** A time as it is printed, in ms since the epoch: 0 where there is none. */
export function instantOf(printed: string): number {
  return Date.parse(printed.replace(' +0000 UTC', 'Z').replace(' ', 'T'));
}

/** All batches that are complete: a batch whose announced number of points is not there yet is left out. */
export function parseDebugText(text: string): DebugBatch[] {
  const batches: DebugBatch[] = [];
  // A block ends in an empty line; what stands behind the last one is still being printed.
  const blocks = text.slice(0, text.lastIndexOf('\n\n') + 2).split(/^(Metrics\t\{.*\})$/m);
  for (let i = 1; i < blocks.length; i += 2) {
    const announced = JSON.parse((blocks[i] ?? '').slice('Metrics\t'.length)) as Record<string, number>;
    const batch = parseBatch(blocks[i + 1] ?? '');
    const points = batch.metrics.reduce((sum, metric) => sum + metric.points.length, 0);
    if (points === announced['data points']) batches.push(batch);
  }
  return batches;
}

/** What the lines of a batch so far have come to. */
interface Reading {
  readonly resource: Texts;
  readonly metrics: Mutable<DebugMetric>[];
  readonly descriptors: Texts[];
  scope: string;
  attributes: Texts;
  /** The text that a line without a form of its own continues. */
  open: { in: Texts; key: string } | undefined;
}

type Form = readonly [line: RegExp, read: (reading: Reading, first: string, second: string) => void];

/** Every form of line, and what it says; `first` and `second` are the groups of its expression. */
const forms: readonly Form[] = [
  [/^(?:ResourceMetrics #|Resource SchemaURL:|Resource attributes:|ScopeMetrics|Descriptor:|Data point attributes:)/, close],
  [/^InstrumentationScope (\S*)/, startScope],
  [/^Metric #\d+$/, startMetric],
  [/^\w+DataPoints #\d+$/, startPoint],
  [/^Exemplars:$/, close],
  [/^Exemplar #\d+$/, startExemplar],
  [/^ {5}-> (.+?): (.*)$/, addEntry],
  [/^(StartTimestamp|Timestamp): (.*)$/, setTime],
  [/^(Value|Count|Sum|Min|Max): (.*)$/, (reading, key, value) => ((pointOf(reading)?.numbers ?? {})[key] = value)],
  [/^ExplicitBounds #\d+: (.*)$/, (reading, bound) => pointOf(reading)?.bounds.push(bound)],
  [/^Buckets #\d+, Count: (\d+)$/, (reading, count) => pointOf(reading)?.buckets.push(count)],
  [/^Bucket [([](\S+, \S+)[)\]], Count: (\d+)$/, addRange],
];

function parseBatch(block: string): DebugBatch {
  const resource: Texts = {};
  const reading: Reading = { resource, metrics: [], descriptors: [], scope: '', attributes: resource, open: undefined };
  for (const line of block.replace(/\n+$/, '').split('\n')) {
    const form = forms.find(([expression]) => expression.test(line));
    if (form !== undefined) {
      const [, first = '', second = ''] = form[0].exec(line) ?? [];
      form[1](reading, first, second);
    } else if (reading.open !== undefined) {
      reading.open.in[reading.open.key] += `\n${line}`;
    }
  }
  const metrics = reading.metrics.map((metric, i) => complete(metric, reading.descriptors[i] ?? {}));
  return { resource: closed(resource), metrics };
}

function pointOf(reading: Reading): MutablePoint | undefined {
  return reading.metrics.at(-1)?.points.at(-1) as MutablePoint | undefined;
}

function close(reading: Reading): void {
  reading.open = undefined;
}

function startScope(reading: Reading, name: string): void {
  close(reading);
  reading.scope = name;
}

function startMetric(reading: Reading): void {
  close(reading);
  reading.descriptors.push({});
  const { scope } = reading;
  reading.metrics.push({
    scope,
    name: '',
    description: '',
    unit: '',
    type: '',
    monotonic: undefined,
    temporality: undefined,
    points: [],
  });
}

function startPoint(reading: Reading): void {
  close(reading);
  reading.attributes = {};
  const { attributes } = reading;
  reading.metrics
    .at(-1)
    ?.points.push({ attributes, start: '', time: '', numbers: {}, bounds: [], buckets: [], ranges: [], exemplars: [] });
}

function addRange(reading: Reading, range: string, count: string): void {
  const [from = '', to = ''] = range.split(', ');
  pointOf(reading)?.ranges.push([from, to, count]);
}

/** Its entries look like those of attributes. */
function startExemplar(reading: Reading): void {
  close(reading);
  reading.attributes = {};
  pointOf(reading)?.exemplars.push(reading.attributes);
}

/** An entry describes the metric until its first point; before and after that it is an attribute. */
function addEntry(reading: Reading, key: string, value: string): void {
  const described = reading.metrics.length > 0 && pointOf(reading) === undefined;
  const target = described ? (reading.descriptors.at(-1) ?? {}) : reading.attributes;
  target[key] = described ? value : value.replace(/^\w+\(/, '');
  reading.open = { in: target, key };
}

function setTime(reading: Reading, which: string, time: string): void {
  close(reading);
  const point = pointOf(reading);
  if (point !== undefined) point[which === 'Timestamp' ? 'time' : 'start'] = time;
}

function complete(metric: DebugMetric, descriptor: Readonly<Texts>): DebugMetric {
  return {
    ...metric,
    name: descriptor.Name ?? '',
    description: descriptor.Description ?? '',
    unit: descriptor.Unit ?? '',
    type: descriptor.DataType ?? '',
    monotonic: descriptor.IsMonotonic === undefined ? undefined : descriptor.IsMonotonic === 'true',
    temporality: descriptor.AggregationTemporality,
    points: metric.points.map((point) => ({ ...point, attributes: closed(point.attributes) })),
  };
}

/** Attribute values without the closing parenthesis of `Str(…)`. */
function closed(attributes: Readonly<Texts>): Texts {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, value.replace(/\)$/, '')]));
}
