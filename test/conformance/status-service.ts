/** `meterbridge serve` with the page, as a process of its own on free ports, and a sender for it. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { command } from '../tools/cli/run-command.ts';
import { startChild } from './child.ts';

type ById = Readonly<Record<string, object | null>>;

export interface PipelineIds {
  readonly receivers: readonly string[];
  readonly processors?: readonly string[];
  readonly exporters: readonly string[];
}

export interface StatusService {
  /** The page's URL. */
  readonly page: string;
  /** Sends points of one gauge to the receiver; resolves with the status. `job`: the sender's `service.name`. */
  send(points: number, name?: string, job?: string): Promise<number>;
  /** Sends what is no request. */
  sendGarbage(): Promise<number>;
  stop(): Promise<void>;
}

export interface Wiring {
  readonly receivers?: ById;
  readonly processors?: ById;
  readonly exporters: ById;
  readonly pipelines: Readonly<Record<string, PipelineIds>>;
}

/** Its receiver `otlp` is there already. */
export async function startStatusService(
  t: TestContext,
  { receivers = {}, processors = {}, exporters, pipelines }: Wiring,
): Promise<StatusService> {
  const configuration = {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } }, ...receivers },
    processors,
    exporters,
    extensions: { zpages: { endpoint: '127.0.0.1:0' } },
    service: { extensions: ['zpages'], pipelines, telemetry: { metrics: { level: 'none' } } },
  };
  const child = startChild(t, process.execPath, [...command, 'serve', '--config', `yaml:${JSON.stringify(configuration)}`]);
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  const addresses = /Listening: (.+)$/m.exec(child.stderr())?.[1]?.split(', ') ?? [];
  const otlp = addresses.find((address) => address.endsWith('/v1/metrics'));
  const page = addresses.find((address) => !address.endsWith('metrics'));
  assert.ok(otlp !== undefined && page !== undefined, child.stderr());
  const post = async (type: string, body: string) =>
    (await fetch(otlp, { method: 'POST', headers: { 'content-type': type }, body })).status;
  return Object.freeze({
    page,
    send: (points: number, name = 'queue.length', job = 'shop') =>
      post('application/json', JSON.stringify(gauge(points, name, job))),
    sendGarbage: () => post('application/x-protobuf', 'this is no request'),
    stop: child.stop,
  });
}

function gauge(points: number, name: string, job: string): object {
  const timeUnixNano = `${Date.now()}000000`;
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const dataPoints = Array.from({ length: points }, (_, index) => ({
    asDouble: index,
    timeUnixNano,
    attributes: [attribute('queue', `q${index}`)],
  }));
  return {
    resourceMetrics: [
      {
        resource: { attributes: [attribute('service.name', job), attribute('service.instance.id', `${job}-1`)] },
        scopeMetrics: [
          { scope: { name: 'shop' }, metrics: [{ name, description: 'Jobs that wait.', unit: '{job}', gauge: { dataPoints } }] },
        ],
      },
    ],
  };
}
