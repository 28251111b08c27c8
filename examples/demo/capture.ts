/** A small listener for OTLP as JSON, for when there is no Collector: it keeps the numbers of the last push, under the names of the contract. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { runwisp } from '../../instrumentation/runwisp/index.ts';
import { type Samples, seriesOf } from './sample.ts';

/** OTLP, `DataPointFlags`: the series has gone, and the point has no number. */
const noRecordedValue = 1;

interface Point {
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly flags?: number;
}
interface PushedMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
}
interface Push {
  readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly PushedMetric[] }[] }[];
}

export interface Capture {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** What the last push said; undefined before the first. */
  samples(): Samples | undefined;
  close(): Promise<void>;
}

export async function startCapture(): Promise<Capture> {
  let last: Samples | undefined;
  const server = createServer(async (request, response) => {
    try {
      const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
      last = pushedSamples((await json(body)) as Push);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    samples: () => last,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const seriesNames: ReadonlyMap<string, string> = new Map(
  Object.values(runwisp.metrics).map(({ instrument, series }) => [instrument, series]),
);

/** Sums and gauges: RunWisp has nothing else. */
function pushedSamples({ resourceMetrics }: Push): Samples {
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics).flatMap((scope) => scope.metrics);
  return new Map(metrics.flatMap(pointsOf));
}

function pointsOf({ name, sum, gauge }: PushedMetric): [string, number][] {
  const points = ((sum ?? gauge)?.dataPoints ?? []).filter(({ flags = 0 }) => (flags & noRecordedValue) === 0);
  return points.map(({ attributes = [], asInt, asDouble }) => {
    const labels = attributes.map(({ key, value }) => [key, value.stringValue ?? ''] as const);
    return [seriesOf(seriesNames.get(name) ?? name, labels), Number(asDouble ?? asInt)];
  });
}
