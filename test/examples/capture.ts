/**
 * A small listener for OTLP as JSON, in place of a Collector: it keeps the values of the last push, under the contract's names.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { type Samples, seriesOf } from '../../examples/demo/sample.ts';
import { crewshipd } from '../../instrumentation/crewshipd/index.ts';
import { resticManager } from '../../instrumentation/restic-manager/index.ts';
import { runwisp } from '../../instrumentation/runwisp/index.ts';
import { solti } from '../../instrumentation/solti/index.ts';
import { wasmrun } from '../../instrumentation/wasmrun/index.ts';
import type { Metric } from '../../src/index.ts';

/** OTLP, `DataPointFlags`: the series is gone, and the point has no value. */
const noRecordedValue = 1;

interface Point {
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly asInt?: string | number;
  readonly asDouble?: number;
  readonly flags?: number;
}
/** Protobuf's JSON leaves out a count of 0. */
interface Pair extends Point {
  readonly count?: string | number;
  readonly sum: number;
}
interface Distribution extends Pair {
  readonly bucketCounts: readonly (string | number)[];
  readonly explicitBounds: readonly number[];
}
interface PushedMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Distribution[] };
  readonly summary?: { readonly dataPoints: readonly Pair[] };
}
interface Push {
  readonly resourceMetrics: readonly {
    readonly resource: Pick<Point, 'attributes'>;
    readonly scopeMetrics: readonly { readonly metrics: readonly PushedMetric[] }[];
  }[];
}

export interface Capture {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** The numbers of a sender's last push, by its `service.instance.id`, or of the only sender; undefined before its first. */
  samples(instance?: string): Samples | undefined;
  close(): Promise<void>;
}

export async function startCapture(): Promise<Capture> {
  const last = new Map<string, Samples>();
  const server = createServer(async (request, response) => {
    try {
      const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
      for (const { resource, scopeMetrics } of ((await json(body)) as Push).resourceMetrics) {
        const sender = new Map(labelsOf(resource)).get('service.instance.id') ?? '';
        last.set(sender, new Map(scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(pointsOf))));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    samples: (instance) => last.get(instance ?? last.keys().next().value ?? ''),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const seriesNames: ReadonlyMap<string, string> = new Map(
  [crewshipd(), resticManager, runwisp, solti, wasmrun].flatMap(({ metrics }) =>
    Object.values<Metric>(metrics).map(({ instrument, series }) => [instrument, series] as const),
  ),
);

function pointsOf({ name: instrument, sum, gauge, histogram, summary }: PushedMetric): [string, number][] {
  const name = seriesNames.get(instrument) ?? instrument;
  const numbers = ((sum ?? gauge)?.dataPoints ?? []).filter(isRecorded);
  return [
    ...numbers.map((point): [string, number] => [seriesOf(name, labelsOf(point)), Number(point.asDouble ?? point.asInt)]),
    ...(summary?.dataPoints ?? []).filter(isRecorded).flatMap((point) => pairOf(point, name)),
    ...(histogram?.dataPoints ?? []).filter(isRecorded).flatMap((point) => distributionOf(point, name)),
  ];
}

function pairOf(point: Pair, name: string): [string, number][] {
  const labels = labelsOf(point);
  return [
    [seriesOf(`${name}_sum`, labels), point.sum],
    [seriesOf(`${name}_count`, labels), Number(point.count ?? 0)],
  ];
}

function distributionOf(point: Distribution, name: string): [string, number][] {
  const labels = labelsOf(point);
  let below = 0;
  return [
    ...point.bucketCounts.map((count, at): [string, number] => {
      below += Number(count);
      return [seriesOf(`${name}_bucket`, [...labels, ['le', String(point.explicitBounds[at] ?? '+Inf')]]), below];
    }),
    ...pairOf(point, name),
  ];
}

function isRecorded({ flags = 0 }: Point): boolean {
  return (flags & noRecordedValue) === 0;
}

function labelsOf({ attributes = [] }: Pick<Point, 'attributes'>): [string, string][] {
  return attributes.map(({ key, value }) => [key, value.stringValue ?? '']);
}
