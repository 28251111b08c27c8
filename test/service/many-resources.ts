/** Requests, each of a resource that was not there before. */
import { createMetricsWriter, encodeAttributes } from '../../src/formats/otlp/index.ts';

export const resources = 10_000;

const writer = createMetricsWriter({ points: 10, bytes: 1e6 });

/**
 * One gauge, whose point and resource have the same attributes, beside `resource` of the latter. JSON would take most of a test's
 * time.
 */
export function requestOf(at: number, filler: string, resource: Readonly<Record<string, string>> = {}): Uint8Array {
  const own = { filler: `${at}${filler}`, host: String(at) };
  const attributes = encodeAttributes(own);
  writer.resource({ attributes: encodeAttributes({ ...own, ...resource }) });
  writer.scope({ name: '', version: '' });
  writer.metric({ name: 'm', type: 'gauge', description: '', unit: '', temporality: 'cumulative', monotonic: false });
  writer.number({ attributes, from: 0, to: attributes.length, startMs: 0, timeMs: 1 }, 1);
  const requests = writer.end();
  const bytes = Buffer.concat(requests.map((request) => request.bytes));
  for (const request of requests) writer.reuse(request);
  return bytes;
}
