/** The service that is attacked, from source, as a process of its own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { type Child, startChild } from '../conformance/child.ts';
import { folderFor } from '../folder-for.ts';
import { command } from '../tools/cli/run-command.ts';
import type { Turn } from './turn-meter.ts';

/** `127.0.0.1:PORT` of each. */
export interface Addresses {
  /** OTLP. */
  readonly http: string;
  readonly grpc: string;
  readonly page: string;
  readonly health: string;
  /** The port of the service's own metrics. */
  readonly own: number;
}
export interface Served extends Addresses {
  readonly child: Child;
}
export interface Metered extends Served {
  /** The long turns of its event loop so far. */
  turns(): readonly Turn[];
}

export const mib = 2 ** 20;
export const budget = 512 * mib;

/** Addresses that nobody has. */
export async function addresses(): Promise<Addresses> {
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
  const [http, grpc, page, health] = ports.map((port) => `127.0.0.1:${port}`) as [string, string, string, string];
  return { http, grpc, page, health, own: ports[4] as number };
}

/** OTLP over both protocols to a page, the health check, and the service's own metrics. */
export function configurationAt({ http, grpc, page, health, own }: Addresses) {
  return {
    receivers: { otlp: { protocols: { http: { endpoint: http }, grpc: { endpoint: grpc } } } },
    exporters: { prometheus: { endpoint: page, without_scope_info: true } },
    extensions: { health_check: { endpoint: health } },
    service: {
      extensions: ['health_check'],
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus'] } },
      telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port: own } } } }] } },
    },
  };
}

/** As the systemd unit and the image set it. */
export const deployedEnv = { MALLOC_MMAP_THRESHOLD_: '1048576' };

/**
 * @param nodeOptions besides the limits of the heap, which are the systemd unit's
 * @param more options of `serve`
 */
export async function serve(
  t: TestContext,
  config: string,
  nodeOptions: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<Child> {
  const options = ['--max-old-space-size=512', '--max-semi-space-size=8', ...nodeOptions];
  const args = [...options, ...command, 'serve', '--config', config, '--max-memory', String(budget), ...more];
  const child = startChild(t, process.execPath, args, env);
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  return child;
}

/** What has a service measure its turns: options of Node.js and variables; and the long turns so far. */
export function turnMeter(t: TestContext) {
  const file = folderFor(t)('turns');
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);
  return {
    options: ['--import', join(import.meta.dirname, 'turn-meter.ts')],
    env: { METERBRIDGE_TURNS: file },
    turns: () => lines().map((line): Turn => JSON.parse(line)),
  };
}

export async function startServed(t: TestContext): Promise<Metered> {
  const all = await addresses();
  return { ...all, ...(await metered(t, `yaml:${JSON.stringify(configurationAt(all))}`)) };
}

/** A service whose turns are measured. */
export async function metered(
  t: TestContext,
  config: string,
  more: readonly string[] = [],
): Promise<Pick<Metered, 'child' | 'turns'>> {
  const { options, env, turns } = turnMeter(t);
  return { child: await serve(t, config, options, { ...deployedEnv, ...env }, more), turns };
}
