/** The service: starts what a configuration names, says that it is ready, and ends everything in turn. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Factory, Limits } from '../component.ts';
import type { CheckedConfig, Telemetry } from '../config/index.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import type { Level, Logger } from '../telemetry/logger.ts';
import { createTally, type Tally } from '../telemetry/tally.ts';
import { buildGraph, type Started } from './build.ts';

export interface ServiceOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly version: string;
  readonly limits: Limits;
  /** What the configuration's reading has warned of. */
  readonly warnings?: readonly string[];
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: () => number;
}

export interface Service {
  /** Resolves when the service has ended by itself, with the reason. */
  readonly failed: Promise<Error>;
  /** Closes receivers, answers what is under way, then closes exporters and extensions. May be called again. */
  shutdown(): Promise<void>;
}

/** Rejects, with all closed again, where a component cannot start. */
export async function startService(config: CheckedConfig<Factory>, options: ServiceOptions): Promise<Service> {
  const { stdout, stderr, version, limits, warnings = [], clock = Date.now } = options;
  const log = loggerOf(config.service.telemetry, stderr, clock);
  const tally = createTally();
  const failed = Promise.withResolvers<Error>();
  const places: string[] = [];
  const graph = buildGraph(config, {
    log,
    tally,
    stdout,
    stderr,
    clock,
    limits,
    listening: (where) => void places.push(where),
    fail: failed.resolve,
  });
  const started: Started[] = [];
  let closeOwn = async () => {};
  let ending: Promise<void> | undefined;

  async function end(): Promise<void> {
    log.info('Starting shutdown...');
    for (const { component } of started) component.draining?.();
    // Receivers first, and extensions last.
    for (const { component, id } of started.toReversed()) {
      await component.shutdown().catch((error: unknown) => log.error(`${id} did not close: ${String(error)}`));
    }
    await closeOwn();
    graph.closeRefusals();
    log.info('Shutdown complete.');
    await flushed(stderr);
  }

  function shutdown(): Promise<void> {
    ending ??= end();
    return ending;
  }

  for (const warning of warnings) log.warn(warning);
  log.info(`Starting meterbridge ${version}...`);
  try {
    closeOwn = await openOwnMetrics(config.service.telemetry, { tally, version, log, listening: (where) => places.push(where) });
    for (const one of graph.components) {
      started.push(one);
      await one.component.start();
    }
  } catch (error) {
    await shutdown();
    throw error;
  }
  for (const { component } of started) component.ready?.();
  log.info(`Listening: ${places.join(', ')}`);
  log.info('Everything is ready. Begin running and processing data.');
  return Object.freeze({ failed: failed.promise, shutdown });
}

function loggerOf({ logs: { level, encoding } }: Telemetry, out: Writable, clock: () => number): Logger {
  const severe = level === 'dpanic' || level === 'panic' || level === 'fatal';
  const least: Level = severe ? 'error' : level;
  return createLogger({ out, level: least, encoding, clock });
}

interface OwnOptions {
  readonly tally: Tally;
  readonly version: string;
  readonly log: Logger;
  listening(where: string): void;
}

/** Loaded only where they are asked for: without them the service starts sooner. Returns what closes them. */
async function openOwnMetrics({ metrics }: Telemetry, { tally, version, log, listening }: OwnOptions): Promise<() => Promise<void>> {
  if (metrics.level === 'none') return async () => {};
  const { host, port } = metrics.readers?.[0]?.pull.exporter.prometheus ?? { host: 'localhost', port: 8_888 };
  const { serveOwnMetrics } = await import('../telemetry/own-metrics.ts');
  const own = await serveOwnMetrics(tally, version, { host, port }, log);
  listening(own.url);
  return own.close;
}

/** What was written to a stream is handed to the system. */
async function flushed(stream: Writable): Promise<void> {
  if (stream.writableNeedDrain) await once(stream, 'drain');
}
