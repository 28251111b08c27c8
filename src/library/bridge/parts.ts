/** The parts of a bridge: recording, serving scrapes, and pushing. */
import type { Contract } from '../../core/contract/metric.ts';
import { threadContract } from '../../core/self/contract.ts';
import { createStore, type Store } from '../../core/store/index.ts';
import { allFormats } from '../../formats/exposition/format.ts';
import { createRenderer, type Renderer } from '../../formats/exposition/write/renderer.ts';
import type { Handler } from '../../net/http/exchange.ts';
import { createScrape } from '../../net/pull/index.ts';
import type { SharedScrape } from '../processes/index.ts';
import { createProducer, type MetricProducer, resolvePush, startPush } from '../push/index.ts';
import {
  createGroupCount,
  createStoreEngine,
  createStrict,
  type Engine,
  familySpec,
  type GroupCount,
  type HandOver,
  type OnAdmit,
} from '../recording/index.ts';
import { type Collecting, createCollecting } from './collecting.ts';
import { type Contracts, createContracts } from './contracts.ts';
import { createEvents, type Events } from './events.ts';
import { exemplarFilterOf } from './exemplar-filter.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { logEach } from './logged-once.ts';
import { type BridgeOptions, DEFAULT_CALLBACK_TIMEOUT_MS, isStrict, sharedOf } from './options.ts';
import { admitError } from './refusal-line.ts';
import { replacesOnReload } from './reload.ts';
import { safeLog } from './safe-log.ts';
import { oneOfWorkers, sharedInstance } from './several-processes.ts';
import type { BridgePage } from './status/bridge-page.ts';
import { steadyClock } from './steady-clock.ts';

export interface Recorders {
  readonly clock: () => number;
  /** The clock of ages and durations. */
  readonly stopwatch: () => number;
  readonly log: (line: string) => void;
  /** Logs what a hot reload replaces; undefined: nothing is replaced. */
  readonly handOver: HandOver | undefined;
  /** Undefined: push is off. */
  readonly pushSettings: ReturnType<typeof resolvePush>;
  readonly store: Store;
  readonly events: Events;
  readonly engine: Engine;
  /** Of the groups that a collection runs. */
  readonly count: GroupCount;
  readonly collecting: Collecting;
  readonly contracts: Contracts;
}

/** @throws PUSH_CONFIG_INVALID, before it opens anything that needs closing */
export function createRecorders(contract: Contract, options: BridgeOptions): Recorders {
  const clock = options.clock ?? Date.now;
  const stopwatch = steadyClock(options.clock);
  const log = safeLog(options.log ?? ((line: string) => void process.stderr.write(`meterbridge: ${line}\n`)));
  const pushSettings = resolvePush(options.push, options.env ?? process.env, {
    serviceName: contract.name,
    log,
    exporter: options.engine?.exporter ?? 'meterbridge',
    sharedInstance: options.processes === undefined ? undefined : sharedInstance(sharedOf(options.processes), contract.name),
  });
  const store = createStore({ clock: stopwatch });
  const events = createEvents(log, stopwatch);
  const { onCollect, onForeign } = events;
  const strict = isStrict(options) ? createStrict(admitError) : undefined;
  const onAdmit: OnAdmit = (event, got) => {
    events.onAdmit(event, got);
    strict?.onAdmit(event, got);
  };
  const count = createGroupCount();
  const { views = [] } = options;
  const filter = exemplarFilterOf(options.env ?? process.env, log);
  const exemplars = filter === undefined ? {} : { exemplars: filter };
  const engineOptions = { clock, onAdmit, log: logEach(log), views, ...exemplars };
  const engine = options.engine?.create(store, engineOptions) ?? createStoreEngine(store, engineOptions, count);
  // An engine that was passed in is called each time: what it collects is not known.
  if (options.engine !== undefined) Atomics.add(count, 0, 1);
  const timeoutMs = options.callbackTimeoutMs ?? DEFAULT_CALLBACK_TIMEOUT_MS;
  const collecting = createCollecting({ engine, count, timeoutMs, clock, stopwatch, onCollect, onForeign });
  const handOver = replacesOnReload(options) ? log : undefined;
  const registering = { store, engine, clock, stopwatch, onAdmit, strict, handOver, ...exemplars };
  const contracts = createContracts({ ...registering, addGroup: collecting.add, views });
  return { clock, stopwatch, log, handOver, pushSettings, store, events, engine, count, collecting, contracts };
}

const withoutProtobuf = allFormats.filter((format) => format !== 'protobuf');

export interface PullSide {
  readonly renderer: Renderer;
  readonly scrape: Handler;
  readonly listeners: Listeners;
  /** Leaves the other processes. */
  readonly leave: () => Promise<void>;
}

/** `patienceMs`: how long a listener's thread waits for this thread to acknowledge a scrape. */
export function createPull(
  recorders: Recorders,
  contract: Contract,
  options: BridgeOptions,
  shared: SharedScrape | undefined,
  patienceMs?: number,
): PullSide {
  const { stopwatch: clock, log, handOver, store, events, count, collecting } = recorders;
  const { refresh } = collecting;
  const { onScrape, onRefused } = events;
  const { protobuf = true, created = false, ...settings } = options.scrape ?? {};
  const scraping = { ...settings, defaultFormat: contract.defaultFormat, formats: protobuf ? allFormats : withoutProtobuf };
  const renderer = createRenderer(store.view, { clock, created });
  const read = shared ?? { renderer, refresh: (_call: unknown, budgetMs: number) => refresh(budgetMs) };
  // Where `processes` is set, a log line has said why it is not possible.
  const worker = oneOfWorkers(options.processes === undefined ? log : () => {});
  const scrape = createScrape({
    ...scraping,
    renderer: read.renderer,
    refresh: read.refresh,
    onScrape(event) {
      if (shared === undefined) worker.scraped();
      onScrape(event);
    },
  });
  const inThread = {
    store,
    scrape: scraping,
    created,
    refresh,
    refreshes: count,
    onScrape,
    clock,
    ...(options.selfMetrics === true && { age: familySpec(threadContract, threadContract.metrics.valuesAge) }),
    ...(patienceMs !== undefined && { patienceMs }),
  };
  async function openPage(): Promise<BridgePage> {
    const { openBridgePage } = await import('./status/open-page.ts');
    return openBridgePage(recorders, { name: contract.name, showValues: process.env.NODE_ENV !== 'production' });
  }
  const reading = { scrape, inThread: shared === undefined ? inThread : undefined };
  const listeners = createListeners({ ...reading, log, handOver, onRefused, worker, openPage });
  return { renderer, scrape, listeners, leave: async () => shared?.close() };
}

export interface PushSide {
  readonly producer: MetricProducer;
  /** False also if push is off. */
  flush(deadlineMs?: number): Promise<boolean>;
  close(deadlineMs?: number): Promise<void>;
}

export function createPush(
  { clock, stopwatch, log, pushSettings: settings, store, events, collecting }: Recorders,
  shared: SharedScrape | undefined,
): PushSide {
  const read = {
    view: store.view,
    refresh: async (budget: { readonly timeoutMillis?: number }) => void (await collecting.refresh(budget.timeoutMillis)),
    clock,
    ageClock: stopwatch,
    onLeftOut: events.onLeftOut,
  };
  const producer = createProducer({ ...read, log, histograms: settings?.histograms });
  // Without the others it would push as if it were all of them.
  const nothing = () => Promise.resolve(undefined);
  const collectAll = settings?.forAll === true ? (shared?.collectForPush ?? nothing) : undefined;
  const push =
    settings === undefined ? undefined : startPush({ ...read, collectAll, settings, producer, onPush: events.onPush, log });
  return {
    producer,
    flush: async (deadlineMs) => (await push?.flush(deadlineMs)) ?? false,
    close: async (deadlineMs) => push?.close(deadlineMs),
  };
}
