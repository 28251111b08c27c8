/**
 * Writes pages of Prometheus' protobuf by hand. Field numbers are those of client_model v0.6.3,
 * `io/prometheus/client/metrics.proto`.
 */

type Bytes = readonly number[];

export const varint = (value: bigint | number): Bytes => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};
const zigZag = (value: bigint | number): bigint => BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
export const whole = (field: number, value: bigint | number): Bytes => [...varint(field << 3), ...varint(value)];
export const signed = (field: number, value: bigint | number): Bytes => whole(field, zigZag(value));
export const double = (field: number, value: number): Bytes => [
  ...varint((field << 3) | 1),
  ...new Uint8Array(new Float64Array([value]).buffer),
];
export const message = (field: number, ...parts: readonly Bytes[]): Bytes => {
  const content = parts.flat();
  return [...varint((field << 3) | 2), ...varint(content.length), ...content];
};
export const text = (field: number, value: string): Bytes => message(field, [...Buffer.from(value)]);
/** Repeated numbers, packed; the messages have them unpacked, and readers take both. */
export const packed = (field: number, ...values: readonly (readonly number[])[]): Bytes => message(field, ...values);

export const label = (name: string, value: string): Bytes => message(1, text(1, name), text(2, value));
export const exemplar = (field: number, value: number, seconds?: number): Bytes =>
  message(
    field,
    label('t', 'x'),
    double(2, value),
    ...(seconds === undefined ? [] : [message(3, whole(1, seconds), whole(2, 500_000_000))]),
  );
export const span = (field: number, offset: number, length: number): Bytes => message(field, signed(1, offset), whole(2, length));
export const types = { counter: 0, gauge: 1, summary: 2, untyped: 3, histogram: 4, gaugeHistogram: 5 } as const;

export function family(name: string, type: number, ...metrics: readonly Bytes[]): Bytes {
  const content = [text(1, name), text(2, 'Text.'), whole(3, type), ...metrics.map((metric) => message(4, metric))].flat();
  return [...varint(content.length), ...content];
}

export const classic = (...more: readonly Bytes[]): Bytes => [
  ...[
    whole(1, 3),
    double(2, 4.5),
    message(3, whole(1, 1), double(2, 1), ...more),
    message(3, whole(1, 2), double(2, 2.5)),
  ].flat(),
];
const two = [
  ...[span(12, -3, 2), span(12, 4, 1), signed(13, 1), signed(13, 1), signed(13, -1)],
  ...[span(9, 2, 1), signed(10, 5), signed(5, 3), double(6, 0.001), whole(7, 2)],
].flat();
const floats = [
  ...[span(12, 0, 2), double(14, 1.5), packed(14, [...double(0, 2.25).slice(1)]), signed(5, -4)],
  double(4, 3.75),
].flat();

const other = label('b', 'ä "x"\n');
/** Every kind, native histograms of both sorts, starts, exemplars, times. */
export const everyKind: Readonly<Record<string, Bytes>> = {
  counter: family('c_total', types.counter, [
    ...other,
    ...message(3, double(1, 2), exemplar(2, 0.5, 7), message(3, whole(1, 1_700_000_000))),
  ]),
  gauge: family(
    'g',
    types.gauge,
    [...message(2, double(1, -0)), ...whole(6, 1500)],
    [...other, ...message(2, double(1, Number.NaN))],
  ),
  untyped: family('a.b', types.untyped, message(5, double(1, Number.POSITIVE_INFINITY))),
  summary: family(
    's',
    types.summary,
    message(4, whole(1, 2), double(2, 3.5), message(3, double(1, 0.5), double(2, 1)), message(4, whole(1, 9))),
  ),
  'summary without quantiles': family('s', types.summary, message(4, whole(1, 2), double(2, 3.5))),
  classic: family('h', types.histogram, [...other, ...message(7, classic(exemplar(3, 0.25)), message(15, whole(1, 8)))]),
  'classic with +Inf': family(
    'h',
    types.histogram,
    message(7, classic(), message(3, whole(1, 3), double(2, Number.POSITIVE_INFINITY))),
  ),
  native: family('n', types.histogram, [...other, ...message(7, whole(1, 11), double(2, -1), two, exemplar(16, 1.25, 3))]),
  'native and classic': family('n', types.histogram, message(7, classic(), span(12, 0, 1), signed(13, 3))),
  'native and empty': family('n', types.histogram, message(7, span(12, 0, 0))),
  floats: family('n', types.gaugeHistogram, message(7, floats)),
  'gauge histogram': family('q', types.gaugeHistogram, message(7, classic())),
  'native histograms, packed deltas': family(
    'n',
    types.histogram,
    message(7, whole(1, 6), span(12, 1, 3), packed(13, [4, 0, 0])),
  ),
};
