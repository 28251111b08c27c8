/** What a receiver has been sent of the senders' points, and what is wrong with it. */
import { decodeMetrics } from '../../formats/otlp/decode-metrics.ts';
import { metrics } from './senders.ts';

/** By series (`METRIC of SENDER`), the numbers of its points in the order in which they came. */
export type Arrived = ReadonlyMap<string, readonly number[]>;

/** @param bodies uncompressed, as they came */
export function arrivedIn(bodies: readonly Uint8Array[]): Arrived {
  const arrived = new Map<string, number[]>();
  for (const body of bodies) {
    for (const { resource, scopeMetrics } of decodeMetrics('application/x-protobuf', body).resourceMetrics) {
      const sender: string = resource.attributes[0].value.stringValue;
      for (const { name, sum, gauge, histogram } of scopeMetrics[0].metrics) {
        const series = `${name} of ${sender}`;
        const numbers = arrived.get(series) ?? [];
        arrived.set(series, numbers);
        for (const { timeUnixNano } of (sum ?? gauge ?? histogram).dataPoints)
          numbers.push(Number(BigInt(timeUnixNano) / 1_000_000n));
      }
    }
  }
  return arrived;
}

/** Acknowledged points that never came. */
export function missing(arrived: Arrived, acknowledged: readonly number[]): readonly string[] {
  return acknowledged.flatMap((newest, sender) =>
    metrics.flatMap((metric) => {
      const series = `${metric} of ${sender}`;
      const there = new Set(arrived.get(series));
      return Array.from({ length: newest }, (_, at) => at + 1).flatMap((number) =>
        there.has(number) ? [] : [`${series}: ${number}`],
      );
    }),
  );
}

/** Points that came behind a newer one of their series. */
export function outOfOrder(arrived: Arrived): readonly string[] {
  return [...arrived].flatMap(([series, numbers]) =>
    numbers.flatMap((number, at) => (number < (numbers[at - 1] ?? 0) ? [`${series}: ${number} behind ${numbers[at - 1]}`] : [])),
  );
}

/** Points that came more than once. */
export function repeats(arrived: Arrived): number {
  return [...arrived.values()].reduce((sum, numbers) => sum + numbers.length - new Set(numbers).size, 0);
}
