/** The service: starts what a configuration names, says that it is ready, changes to another configuration, and ends everything in turn. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { problemText } from '../../errors/error.ts';
import type { Factory, Limits, Reloaded } from '../component.ts';
import type { CheckedConfig, ReadConfig, Telemetry } from '../config/index.ts';
import { createHold, type HoldOptions } from '../contract/hold.ts';
import { createLogger, createSwitch } from '../telemetry/create-logger.ts';
import type { Level, Logger } from '../telemetry/logger.ts';
import { createTally } from '../telemetry/tally.ts';
import { createAtWork } from './at-work.ts';
import { changesBetween } from './changes.ts';

export interface ServiceOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly version: string;
  readonly limits: Limits;
  /** What the configuration's reading has warned of. */
  readonly warnings?: readonly string[];
  /** Reads the configuration again. Absent: there is no reload. */
  readonly reread?: () => ReadConfig<Factory>;
  /** Called when a reload begins, and when it has ended. */
  readonly onReload?: (phase: 'begins' | 'ended') => void;
  /** What receivers take is held against this contract. With `refuse`, senders are told what was left out. */
  readonly contract?: Pick<HoldOptions, 'contract' | 'refuse'> | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: () => number;
}

export interface Service {
  /** Resolves when the service has ended by itself, with the reason. */
  readonly failed: Promise<Error>;
  /** Reads the configuration again and changes to it, behind a reload under way. Never rejects. */
  reload(): Promise<Reloaded>;
  /** Closes receivers, answers what is under way, then closes exporters and extensions. May be called again. */
  shutdown(): Promise<void>;
}

/** Rejects, with all closed again, where a component cannot start. */
export async function startService(config: CheckedConfig<Factory>, options: ServiceOptions): Promise<Service> {
  const { stdout, stderr, version, limits, warnings = [], clock = Date.now, reread, onReload, contract } = options;
  const logger = ({ service }: CheckedConfig<Factory>) => loggerOf(service.telemetry, stderr, clock);
  const log = createSwitch(logger(config));
  const failed = Promise.withResolvers<Error>();
  const places: string[] = [];
  let busy: Promise<unknown> = Promise.resolve();
  let ending: Promise<void> | undefined;
  const tally = createTally();
  const count: HoldOptions['count'] = (reason, points) => tally.contract.set(reason, (tally.contract.get(reason) ?? 0) + points);
  const atWork = createAtWork({
    log,
    tally,
    hold: contract && createHold({ ...contract, count, tell: (line) => log.warn(line) }),
    version,
    stdout,
    stderr,
    clock,
    limits,
    listening: (where) => void places.push(where),
    fail: failed.resolve,
    reload: reread === undefined ? undefined : reload,
  });

  async function changeTo(to: CheckedConfig<Factory>): Promise<void> {
    places.length = 0;
    await atWork.change(to);
    if (places.length > 0) log.info(`Listening: ${places.splice(0).join(', ')}`);
  }

  async function read(): Promise<Reloaded> {
    if (ending !== undefined || reread === undefined) return { outcome: 'failed', lines: ['the service is shutting down'] };
    const found = reread();
    for (const warning of found.warnings) log.warn(warning);
    if (!found.ok) return { outcome: 'wrong', lines: found.problems.map(problemText) };
    const before = atWork.nodes;
    try {
      await changeTo(found.config);
    } catch (error) {
      return { outcome: 'failed', lines: (error instanceof Error ? error.message : String(error)).split('\n') };
    }
    log.use(logger(found.config));
    return { outcome: 'done', lines: changesBetween(before, atWork.nodes) };
  }

  async function reloadNow(): Promise<Reloaded> {
    onReload?.('begins');
    log.info('Reloading the configuration...');
    const reloaded = await read();
    if (reloaded.outcome === 'done') log.info(`The new configuration works. ${reloaded.lines.join('; ')}`);
    else log.error(`The configuration stays as it was: the new one ${reloaded.outcome === 'wrong' ? 'is wrong' : 'does not start'}`);
    if (reloaded.outcome !== 'done') for (const line of reloaded.lines) log.error(line);
    onReload?.('ended');
    return reloaded;
  }

  function reload(): Promise<Reloaded> {
    const reloaded = busy.then(reloadNow);
    busy = reloaded;
    return reloaded;
  }

  async function end(): Promise<void> {
    log.info('Starting shutdown...');
    for (const { component } of atWork.nodes) component.draining?.();
    await busy;
    await atWork.end();
    log.info('Shutdown complete.');
    await flushed(stderr);
  }

  function shutdown(): Promise<void> {
    ending ??= end();
    return ending;
  }

  for (const warning of warnings) log.warn(warning);
  log.info(`Starting meterbridge ${version}...`);
  await changeTo(config);
  log.info('Everything is ready. Begin running and processing data.');
  return Object.freeze({ failed: failed.promise, reload, shutdown });
}

function loggerOf({ logs: { level, encoding } }: Telemetry, out: Writable, clock: () => number): Logger {
  const severe = level === 'dpanic' || level === 'panic' || level === 'fatal';
  const least: Level = severe ? 'error' : level;
  return createLogger({ out, level: least, encoding, clock });
}

/** What was written to a stream is handed to the system. */
async function flushed(stream: Writable): Promise<void> {
  if (stream.writableNeedDrain) await once(stream, 'drain');
}
