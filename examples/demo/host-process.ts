/** An example host as a process of its own, pushing to where the demonstration says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Destination } from './destination.ts';
import type { Settings } from './host.ts';

export interface HostProcess {
  readonly main: string;
  readonly metrics: string;
  /** Its last push included. */
  end(): Promise<void>;
}

const RUN = fileURLToPath(new URL('../run.ts', import.meta.url));
const PUSH_INTERVAL_MS = 250;
const LOG_KEPT_CHARACTERS = 4_000;

/** @param instance `service.instance.id`, to distinguish it from others at the destination */
export async function startHost(
  name: string,
  { args, env }: Settings,
  instance: string,
  destination: Destination,
): Promise<HostProcess> {
  // Its own process group: it is ended after the last look, not by the terminal's Ctrl-C.
  const child = spawn(process.execPath, [RUN, name, ...args], {
    env: { ...process.env, ...pushing(instance, destination), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { main, metrics } = await ready(name, child);
  return { main, metrics, end: () => end(child) };
}

function pushing(instance: string, { endpoint }: Destination): NodeJS.ProcessEnv {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
    OTEL_METRIC_EXPORT_INTERVAL: String(PUSH_INTERVAL_MS),
    OTEL_METRIC_EXPORT_TIMEOUT: String(PUSH_INTERVAL_MS),
    OTEL_RESOURCE_ATTRIBUTES: [process.env.OTEL_RESOURCE_ATTRIBUTES, `service.instance.id=${instance}`].filter(Boolean).join(','),
    // Other variables must not direct the push elsewhere.
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: undefined,
    OTEL_METRICS_EXPORTER: undefined,
    OTEL_SDK_DISABLED: undefined,
  };
}

/** The line that it prints once it listens; its log when it ends without. */
async function ready(name: string, child: ChildProcess): Promise<Pick<HostProcess, 'main' | 'metrics'>> {
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log = `${log}${chunk}`.slice(-LOG_KEPT_CHARACTERS);
  });
  const { stdout } = child;
  if (stdout !== null) for await (const line of createInterface({ input: stdout })) return JSON.parse(line);
  throw new Error(`${name} did not start:\n${log}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
