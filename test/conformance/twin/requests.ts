/** Requests as plain data, in OTLP's JSON. */

export type Attributes = Readonly<Record<string, unknown>>;

export interface Point {
  readonly [field: string]: unknown;
}

export interface Metric {
  readonly name: string;
  readonly description?: string;
  readonly unit?: string;
  readonly metadata?: readonly object[];
  readonly [type: string]: unknown;
}

export interface Request {
  readonly resourceMetrics: readonly object[];
}

const epoch = 1_795_357_530_000_000_000n;

/** Seconds after some moment, as OTLP writes times. */
export function at(seconds: number): string {
  return String(epoch + BigInt(Math.round(seconds * 1e9)));
}

export function attributesOf(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: double(value) };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (value === null) return {};
  return { kvlistValue: { values: attributesOf(value as Attributes) } };
}

/** JSON has no number for NaN and the infinities. */
function double(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export interface PointOptions {
  /** Seconds, as for `at`. */
  readonly start?: number;
  readonly attributes?: Attributes;
  readonly exemplars?: readonly object[];
  readonly flags?: number;
}

function common(time: number, { start, attributes, exemplars, flags }: PointOptions): Point {
  return {
    timeUnixNano: at(time),
    ...(start === undefined ? {} : { startTimeUnixNano: at(start) }),
    ...(attributes === undefined ? {} : { attributes: attributesOf(attributes) }),
    ...(exemplars === undefined ? {} : { exemplars }),
    ...(flags === undefined ? {} : { flags }),
  };
}

/** @param value a bigint is `asInt`; undefined: there is none */
export function number(time: number, value: number | bigint | undefined, options: PointOptions = {}): Point {
  const own = value === undefined ? {} : typeof value === 'bigint' ? { asInt: String(value) } : { asDouble: double(value) };
  return { ...common(time, options), ...own };
}

/** @param counts one for each bucket */
/** `none`: the point has none. */
type Sum = number | 'none';

export function buckets(
  time: number,
  counts: readonly number[],
  { bounds = [1, 10], sum = 0, ...options }: PointOptions & { readonly bounds?: readonly number[]; readonly sum?: Sum } = {},
): Point {
  const count = counts.reduce((total, one) => total + one, 0);
  const own = { count: String(count), bucketCounts: counts.map(String), explicitBounds: bounds.map(double) };
  return { ...common(time, options), ...own, ...(sum === 'none' ? {} : { sum: double(sum) }) };
}

export function exponential(
  time: number,
  offset: number,
  counts: readonly number[],
  { sum = 0, ...options }: PointOptions & { readonly sum?: Sum } = {},
): Point {
  const count = String(counts.reduce((total, one) => total + one, 0));
  const positive = { offset, bucketCounts: counts.map(String) };
  return { ...common(time, options), count, scale: 1, positive, ...(sum === 'none' ? {} : { sum }) };
}

export function quantiles(
  time: number,
  count: number,
  sum: number,
  values: readonly (readonly [quantile: number, value: number])[],
  options: PointOptions = {},
): Point {
  const quantileValues = values.map(([quantile, value]) => ({ quantile, value: double(value) }));
  return { ...common(time, options), count: String(count), sum, quantileValues };
}

export interface ExemplarOptions {
  /** Hexadecimal. */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly filteredAttributes?: Attributes;
}

export function exemplar(time: number, value: number | bigint, { filteredAttributes, ...ids }: ExemplarOptions = {}): object {
  const own = typeof value === 'bigint' ? { asInt: String(value) } : { asDouble: value };
  const attributes = filteredAttributes === undefined ? {} : { filteredAttributes: attributesOf(filteredAttributes) };
  return { timeUnixNano: at(time), ...own, ...ids, ...attributes };
}

export const temporalities = { unspecified: 0, delta: 1, cumulative: 2 } as const;
export type Temporality = keyof typeof temporalities;

type Head = Omit<Partial<Metric>, 'name'>;

export function gauge(name: string, dataPoints: readonly Point[], head: Head = {}): Metric {
  return { ...head, name, gauge: { dataPoints } };
}

export function sum(
  name: string,
  dataPoints: readonly Point[],
  {
    temporality = 'cumulative',
    monotonic = true,
    ...head
  }: Head & { readonly temporality?: Temporality; readonly monotonic?: boolean } = {},
): Metric {
  return { ...head, name, sum: { dataPoints, isMonotonic: monotonic, aggregationTemporality: temporalities[temporality] } };
}

export function histogram(
  name: string,
  dataPoints: readonly Point[],
  { temporality = 'cumulative', ...head }: Head & { readonly temporality?: Temporality } = {},
): Metric {
  return { ...head, name, histogram: { dataPoints, aggregationTemporality: temporalities[temporality] } };
}

export function exponentialHistogram(
  name: string,
  dataPoints: readonly Point[],
  { temporality = 'cumulative', ...head }: Head & { readonly temporality?: Temporality } = {},
): Metric {
  return { ...head, name, exponentialHistogram: { dataPoints, aggregationTemporality: temporalities[temporality] } };
}

export function summary(name: string, dataPoints: readonly Point[], head: Head = {}): Metric {
  return { ...head, name, summary: { dataPoints } };
}

export interface Scope {
  readonly name?: string;
  readonly version?: string;
  readonly schemaUrl?: string;
  readonly attributes?: Attributes;
}

export function from(resource: Attributes, metrics: readonly Metric[], { schemaUrl, attributes, ...scope }: Scope = {}): Request {
  const scopeMetrics = {
    scope: { ...scope, ...(attributes === undefined ? {} : { attributes: attributesOf(attributes) }) },
    metrics,
    ...(schemaUrl === undefined ? {} : { schemaUrl }),
  };
  return { resourceMetrics: [{ resource: { attributes: attributesOf(resource) }, scopeMetrics: [scopeMetrics] }] };
}
