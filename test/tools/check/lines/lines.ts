/** Lines of OTLP/JSON for tests, written by hand as opentelemetry-proto's examples are. */
import type { OtlpRead } from '../../../../src/tools/check/lines/observe.ts';
import { readLines } from '../../../../src/tools/check/lines/read-lines.ts';

export const second = 1_000_000_000n;

export function nanos(seconds: number): string {
  return String(1_700_000_000n * second + BigInt(seconds) * second);
}

export function attributes(pairs: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(pairs).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

export function point(value: number, at = 10, labels: Readonly<Record<string, string>> = {}, start = 1): object {
  return { attributes: attributes(labels), startTimeUnixNano: nanos(start), timeUnixNano: nanos(at), asDouble: value };
}

/** One request, one metric or several. */
export function line(
  metrics: readonly object[],
  resource: Readonly<Record<string, string>> = { 'service.name': 'shop' },
): string {
  const scopeMetrics = [{ scope: { name: 'shop.meter' }, metrics }];
  return JSON.stringify({ resourceMetrics: [{ resource: { attributes: attributes(resource) }, scopeMetrics }] });
}

export function counter(name: string, dataPoints: readonly object[], more: object = {}): object {
  return { name, description: 'Described.', sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true, ...more } };
}

export function gauge(name: string, dataPoints: readonly object[], unit = ''): object {
  return { name, unit, description: 'Described.', gauge: { dataPoints } };
}

export function read(text: string, limits = {}): Promise<OtlpRead> {
  return readLines({ name: 'lines.jsonl', bytes: [Buffer.from(text)] }, limits);
}
