/**
 * The service: starts what a configuration names, reports that it is ready, changes to another configuration, and ends everything
 * in turn.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { bytesInPieces } from '../../net/http/in-pieces.ts';
import { connectionBytes } from '../../net/listen/connections.ts';
import { bytesThatWait } from '../../net/listen/shares.ts';
import type { Factory, Reloaded } from '../component.ts';
import type { CheckedConfig, ReadConfig, Telemetry } from '../config/index.ts';
import { type ContractCheckOptions, createContractCheck } from '../contract/check-contract.ts';
import { keepsSeries, openKeep } from '../keep/open-keep.ts';
import type { Limits } from '../limits.ts';
import { createMemoryBudget } from '../memory/budget.ts';
import { createLogger, createSwitch } from '../telemetry/create-logger.ts';
import type { Level, Logger } from '../telemetry/logger.ts';
import { createServiceTally } from '../telemetry/tally.ts';
import { createNodeFlows } from '../watch/node-flows.ts';
import { createServiceSource } from '../watch/source.ts';
import { createWatch } from '../watch/watch.ts';
import { type AtWork, createAtWork } from './at-work.ts';
import { changesBetween } from './changes.ts';
import { createReloads } from './reloads.ts';

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
  /** What receivers accept is checked against this contract. With `refuse`, what was left out is reported to senders. */
  readonly contract?: Pick<ContractCheckOptions, 'contract' | 'refuse'> | undefined;
  /** Where the configuration comes from, for the page: without values. Default: not known. */
  readonly sources?: readonly string[];
  /** The page shows values of labels. Default: false. */
  readonly showValues?: boolean;
  /** A directory in which exporters keep their series over a restart. */
  readonly keep?: string | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: () => number;
}

export interface Service {
  /** Resolves when the service has ended by itself, with the reason. */
  readonly failed: Promise<Error>;
  /** Reads the configuration again and changes to it, behind a reload under way. Never rejects. */
  reload(): Promise<Reloaded>;
  /** Closes receivers, responds to the requests under way, then closes exporters and extensions. May be called again. */
  shutdown(): Promise<void>;
}

/** Rejects, with all closed again, where a component cannot start. */
export async function startService(config: CheckedConfig<Factory>, options: ServiceOptions): Promise<Service> {
  const {
    stdout,
    stderr,
    version,
    limits,
    warnings = [],
    clock = Date.now,
    reread,
    onReload,
    contract,
    sources = [],
    showValues = false,
  } = options;
  const logger = ({ service }: CheckedConfig<Factory>) => loggerOf(service.telemetry, stderr, clock);
  const log = createSwitch(logger(config));
  const watch = createWatch(clock, limits);
  const failed = Promise.withResolvers<Error>();
  const addresses: string[] = [];
  const reloads = createReloads({
    log,
    reread: () => (ending === undefined ? reread?.() : undefined),
    change: reloadTo,
    onReload,
    noted: watch.reloads,
  });
  let ending: Promise<void> | undefined;
  const tally = createServiceTally();
  const count: ContractCheckOptions['count'] = (reason, points) => {
    tally.contract.set(reason, (tally.contract.get(reason) ?? 0) + points);
    watch.lost({
      by: 'contract',
      reason,
      what: contract?.refuse === true ? 'refused' : 'reported',
      unit: 'points',
      times: points,
    });
  };
  const keep = options.keep === undefined ? undefined : await openKeep(options.keep, log);
  const memory = createMemoryBudget(limits.maxMemory);
  memory.add(() => connectionBytes() + bytesThatWait() + bytesInPieces());
  let current: CheckedConfig<Factory> | undefined;
  let loadedAt = clock();
  let isReady = false;
  const status = createServiceSource({
    watch,
    tally,
    flows: createNodeFlows(watch.meters, tally),
    limits,
    memory,
    version,
    showValues,
    startedAt: loadedAt,
    isReady: () => isReady,
    nodes: () => atWork.nodes,
    config: () => current,
    loadedAt: () => loadedAt,
    sources,
    reread,
    clock,
  });
  const atWork: AtWork = createAtWork({
    watch,
    status,
    log,
    tally,
    hold: contract && createContractCheck({ ...contract, count, memory, tell: (line) => log.warn(line) }),
    version,
    stdout,
    stderr,
    clock,
    limits,
    memory,
    listening: (where) => void addresses.push(where),
    fail: failed.resolve,
    keep,
    reload: reread === undefined ? undefined : reloads.reload,
  });

  async function changeTo(to: CheckedConfig<Factory>): Promise<void> {
    addresses.length = 0;
    await atWork.change(to);
    current = to;
    loadedAt = clock();
    await sayLeftBehind(to);
    if (addresses.length > 0) log.info(`Listening: ${addresses.splice(0).join(', ')}`);
  }

  /** What was kept for an exporter that is not there any more. */
  async function sayLeftBehind({ exporters }: CheckedConfig<Factory>): Promise<void> {
    if (keep !== undefined && ![...exporters.values()].some(({ factory }) => keepsSeries(factory)))
      log.warn('--keep keeps nothing: the configuration has no exporter that shows series, such as prometheus');
    for (const name of (await keep?.others([...exporters.keys()])) ?? [])
      log.warn(
        `${options.keep} has series of an exporter that is not in the configuration: they stay in meterbridge-*${name}-*.segment`,
      );
  }

  /** Returns what has changed. */
  async function reloadTo(to: CheckedConfig<Factory>): Promise<readonly string[]> {
    const before = atWork.nodes;
    await changeTo(to);
    log.use(logger(to));
    const lines = changesBetween(before, atWork.nodes);
    watch.reloads.done(lines, before, atWork.nodes);
    return lines;
  }

  async function end(): Promise<void> {
    log.info('Starting shutdown...');
    isReady = false;
    watch.meters.stop();
    for (const { component } of atWork.nodes) component.draining?.();
    await reloads.idle();
    await atWork.end();
    await keep?.close();
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
    await changeTo(config);
  } catch (error) {
    await keep?.close();
    throw error;
  }
  isReady = true;
  log.info('Everything is ready. Begin running and processing data.');
  return Object.freeze({ failed: failed.promise, reload: reloads.reload, shutdown });
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
