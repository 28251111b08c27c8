/** Starts the shop in a process of its own: what watches it goes on while its event loop is blocked. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fileOf } from './file-of.ts';
import type { Block, Ready } from './shop-process.ts';

export interface ShopOptions {
  /** 0: any. */
  readonly ports: { readonly api: number; readonly metrics: number; readonly stock: number };
  /** Where it pushes. */
  readonly endpoint: string;
  /** `service.instance.id`. */
  readonly instance: string;
}

export interface Shop extends Ready {
  /** Blocks its event loop. */
  block(ms: number): void;
  /** How long it stays blocked, in milliseconds. */
  blockedMs(): number;
  /** Resolves with a reason when it ends by itself. */
  readonly failed: Promise<Error>;
  /** Ends it, its last push included, unless its event loop is blocked for longer than 3 s. */
  end(): Promise<void>;
}

const pushIntervalMs = 500;
const endWithinMs = 3_000;
const logKept = 4_000;

/** @throws an Error with the end of its log if it does not start */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const program = fileOf('shop-process');
  const child = fork(fileURLToPath(program), {
    // From its sources, the package's exports are sources too.
    execArgv: [...process.execArgv, ...(program.pathname.endsWith('.ts') ? ['--conditions=meterbridge-source'] : [])],
    env: { ...process.env, ...environment(options) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C ends it after the last look, not before.
    detached: true,
  });
  let log = '';
  let ending = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-logKept);
  });
  const exited = new Promise<Error>((resolve) => {
    child.once('exit', (code, signal) => resolve(new Error(`the shop has ended with ${signal ?? `exit code ${code}`}:\n${log}`)));
    child.once('error', resolve);
  });
  const first = await Promise.race([once(child, 'message').then(([message]) => message as Ready), exited]);
  if (first instanceof Error) throw first;
  let blockedUntil = 0;
  const send = (message: Block) => child.send(message);
  return {
    ...first,
    block(ms) {
      blockedUntil = performance.now() + ms;
      send({ blockMs: ms });
    },
    blockedMs: () => Math.max(0, blockedUntil - performance.now()),
    failed: new Promise((resolve) => exited.then((error) => (ending ? undefined : resolve(error)))),
    async end() {
      ending = true;
      child.kill('SIGTERM');
      const late = new AbortController();
      await Promise.race([
        exited,
        sleep(endWithinMs, undefined, { signal: late.signal }).then(
          () => child.kill('SIGKILL'),
          () => {},
        ),
      ]);
      late.abort();
      await exited;
    },
  };
}

function environment({ ports, endpoint, instance }: ShopOptions): NodeJS.ProcessEnv {
  return {
    PORT: String(ports.api),
    METRICS_PORT: String(ports.metrics),
    STOCK_PORT: String(ports.stock),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
    OTEL_METRIC_EXPORT_INTERVAL: String(pushIntervalMs),
    OTEL_METRIC_EXPORT_TIMEOUT: String(pushIntervalMs),
    OTEL_SERVICE_NAME: 'shop',
    OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
    // Other variables must not direct the push elsewhere.
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: undefined,
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: undefined,
    OTEL_EXPORTER_OTLP_HEADERS: undefined,
    OTEL_METRICS_EXPORTER: undefined,
    OTEL_SDK_DISABLED: undefined,
  };
}
