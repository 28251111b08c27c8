/** `meterbridge serve` as a process of its own, which takes OTLP over HTTP on a free port. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { command } from '../tools/cli/run-command.ts';
import { bodyOf, startChild } from './child.ts';

export interface Service {
  /** Where daemons push to: `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** The page of its exporter `prometheus`; empty where it has none. */
  readonly page: string;
  /** One of its own metrics, all labels together, or those with this one; 0 where it is not there. @param label `NAME="VALUE"` */
  count(metric: string, label?: string): Promise<number>;
  log(): string;
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

const otlp = '/v1/metrics';

type ById = Readonly<Record<string, object>>;

/**
 * @param exporters by id, as in the file; points reach each of them
 * @param extensions by id
 * @param args further options
 * @param processors by id, in the order of the pipeline
 */
export async function startService(
  t: TestContext,
  exporters: ById,
  extensions: ById = {},
  args: readonly string[] = [],
  processors: ById = {},
): Promise<Service> {
  const port = await freePort();
  const own = `http://127.0.0.1:${port}/metrics`;
  const configuration = {
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    processors,
    exporters,
    extensions,
    service: {
      extensions: Object.keys(extensions),
      pipelines: { metrics: { receivers: ['otlp'], processors: Object.keys(processors), exporters: Object.keys(exporters) } },
      telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port } } } }] } },
    },
  };
  const child = startChild(t, process.execPath, [
    ...command,
    'serve',
    '--config',
    `yaml:${JSON.stringify(configuration)}`,
    ...args,
  ]);
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  const addresses = /Listening: (.+)$/m.exec(child.stderr())?.[1]?.split(', ') ?? [];
  const endpoint = addresses.find((address) => address.endsWith(otlp));
  assert.ok(endpoint !== undefined, child.stderr());
  return Object.freeze({
    endpoint: endpoint.slice(0, -otlp.length),
    page: addresses.find((address) => ![endpoint, own].includes(address)) ?? '',
    async count(metric: string, label = '') {
      const samples = [...((await bodyOf(own)) ?? '').matchAll(/^(\w+)(\{.*\}|) (\S+)$/gm)];
      return samples.reduce(
        (sum, [, name, labels = '', value]) => (name === metric && labels.includes(label) ? sum + Number(value) : sum),
        0,
      );
    },
    log: child.stderr,
    stop: child.stop,
    kill: child.kill,
  });
}
