/** `meterbridge()`: one contract (or several), one store, and its readers, put together. */
import type { MeterProvider } from '@opentelemetry/api';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Refused } from '../access/guarded.ts';
import type { Contract } from '../contract/metric.ts';
import { visible } from '../errors/visible.ts';
import type { ParsedFamily } from '../exposition/index.ts';
import { createRenderer } from '../exposition/write/renderer.ts';
import type { Handler } from '../http/exchange.ts';
import { createScrape, type Listener, type ListenOptions } from '../pull/index.ts';
import { listenFailed } from '../pull/listen-failed.ts';
import { createProducer, resolvePush, startPush } from '../push/index.ts';
import {
  type AnyObservedRecorder,
  createMeterProvider,
  createStoreEngine,
  familySpec,
  type GroupCallback,
  type ObserveGroup,
  type ObserveOptions,
  observeTogether,
  type RecorderFor,
  type Registered,
  registerContract,
  runGroup,
} from '../recording/index.ts';
import { selfContract, threadContract } from '../self/contract.ts';
import { createStore, type View } from '../store/index.ts';
import { createEvents } from './events.ts';
import { gather } from './gather.ts';
import { type BridgeOptions, checkOptions, DEFAULT_CALLBACK_TIMEOUT_MS } from './options.ts';
import { refuseDifference, sharedBridge } from './registry.ts';
import { type SelfRecorder, selfCallback } from './self.ts';
import { steadyClock } from './steady-clock.ts';

export interface Bridge<C extends Contract = Contract> {
  /** The contract's recorders, under its keys. */
  readonly metrics: RecorderFor<C>;
  /** A further contract on the same bridge (for a library inside the program). An equal one again gives the existing recorder. */
  register<N extends Contract>(contract: N): RecorderFor<N>;
  /** One callback behind several observed metrics; returns what detaches it. */
  observe(targets: readonly AnyObservedRecorder[], callback: GroupCallback, options?: ObserveOptions): () => void;
  /** The same instruments through `@opentelemetry/api`. Registered nowhere; `metrics.setGlobalMeterProvider` is yours to call. */
  readonly meterProvider: MeterProvider;
  /** The store for a metric reader of your own. */
  readonly producer: MetricProducer;
  /** The endpoint, free of any framework; `meterbridge/fastify`, `nodeListener` and `fetchHandler` adapt it. */
  readonly scrape: Handler;
  /** Counts a refusal among Meterbridge's own metrics: `guarded(bridge.scrape, access, bridge)`. `listen` does so by itself. */
  readonly onRefused: (event: Refused) => void;
  /**
   * Opens the dedicated listener, e.g. `127.0.0.1:9478`. Loopback only, unless `public: true`. With `thread: true` it runs in a worker
   * thread, and answers even while the event loop is blocked: with the last values then, of observed metrics.
   */
  listen(address: string, options?: BridgeListenOptions): Promise<Listener>;
  /** What a scrape would show now, as data: families under their names in text 0.0.4, in the contract's order. Runs the callbacks. */
  gather(): Promise<readonly ParsedFamily[]>;
  /** Runs the callbacks and brings the store up to date. Readers do it by themselves. */
  refresh(): Promise<void>;
  /**
   * Pushes now. False when the push failed, was not over within `deadlineMs` (default: the push's own `timeoutMs`), when the receiver's
   * `Retry-After` is not over yet, or when nothing is pushed at all.
   */
  flush(deadlineMs?: number): Promise<boolean>;
  /** Closes listeners, pushes a last time, and forgets the bridge. What is measured afterwards is nothing, and costs no memory. */
  close(): Promise<void>;
}

export interface BridgeListenOptions extends ListenOptions {
  /** The listener runs in a worker thread of its own. Costs about 10 MB and a few milliseconds. Default: false. */
  readonly thread?: boolean;
}

export interface OpenOptions {
  /** Called as the bridge closes. */
  readonly forget?: () => void;
  /** How long a listener's thread waits for this one to acknowledge a scrape, in milliseconds. Default: 50. */
  readonly patienceMs?: number;
}

/** What `meterbridge/testing` may reach beyond a bridge. Not part of the stable interface. */
export interface OpenBridge {
  readonly bridge: Bridge;
  readonly view: View;
  /** The clock of ages, in ms. */
  readonly now: () => number;
  /** Everything recorded is gone, in all contracts; callbacks stay attached. */
  reset(): void;
}

/**
 * Makes a contract's bridge, or returns the one that this process has for it already. Synchronous, before any I/O.
 * @throws CONTRACT_CONFLICT, OPTION_INVALID, PUSH_CONFIG_INVALID
 */
export function meterbridge<C extends Contract>(contract: C, options: BridgeOptions = {}): Bridge<C> {
  checkOptions(options);
  if (options.isolated === true) return openBridge(contract, options).bridge as unknown as Bridge<C>;
  return sharedBridge(contract, options, (forget) => openBridge(contract, options, { forget }).bridge) as unknown as Bridge<C>;
}

export function openBridge(contract: Contract, options: BridgeOptions, { forget, patienceMs }: OpenOptions = {}): OpenBridge {
  const clock = options.clock ?? Date.now;
  /** Ages are counted by it, and durations. */
  const stopwatch = steadyClock(options.clock);
  const log = safely(options.log ?? ((line: string) => void process.stderr.write(`meterbridge: ${line}\n`)));
  const settings = resolvePush(options.push, options.env ?? process.env, {
    serviceName: contract.name,
    log,
    exporter: options.engine?.exporter ?? 'meterbridge',
  });

  const store = createStore({ clock: stopwatch });
  const events = createEvents(log);
  const engineOptions = { clock, onAdmit: events.onAdmit };
  const engine = options.engine?.create(store, engineOptions) ?? createStoreEngine(store, engineOptions);
  const groups = new Set<ObserveGroup>();
  const lastGroups = new Set<ObserveGroup>();
  const contracts = new Map<string, Registered>();
  /** Those too that are still on their way. */
  const listeners = new Set<Promise<Listener>>();
  let refreshing: Promise<void> | undefined;
  let closing: Promise<void> | undefined;
  let closed = false;

  const addTo = (set: Set<ObserveGroup>) => (group: ObserveGroup) => {
    set.add(group);
    return () => void set.delete(group);
  };
  const addGroup = addTo(groups);

  function register(added: Contract): Registered {
    const existing = contracts.get(added.name);
    if (existing !== undefined) {
      refuseDifference(existing.contract, added);
      return existing;
    }
    const registered = registerContract(added, { store, engine, clock, stopwatch, onAdmit: events.onAdmit, addGroup });
    contracts.set(added.name, registered);
    if (closed) registered.close();
    return registered;
  }

  const timeoutMs = options.callbackTimeoutMs ?? DEFAULT_CALLBACK_TIMEOUT_MS;
  async function collect(budgetMs: number): Promise<void> {
    const run = { timeoutMs: Math.min(timeoutMs, budgetMs), clock, stopwatch, onCollect: events.onCollect };
    if (closed) return;
    await Promise.all([...groups].map((group) => runGroup(group, run)));
    events.onForeign(await engine.collect(run.timeoutMs));
    await Promise.all([...lastGroups].map((group) => runGroup(group, run)));
  }

  /** Readers that ask at the same time share one collection; the first one's budget holds. */
  function refresh(budgetMs = timeoutMs): Promise<void> {
    refreshing ??= collect(budgetMs).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  const main = register(contract);
  const read = {
    view: store.view,
    refresh: (budget: { readonly timeoutMillis?: number }) => refresh(budget.timeoutMillis),
    clock,
    ageClock: stopwatch,
  };
  const producer = createProducer({ ...read, log });
  const push = settings === undefined ? undefined : startPush({ ...read, settings, producer, onPush: events.onPush, log });
  const scraping = { ...options.scrape, defaultFormat: contract.defaultFormat };
  const renderer = createRenderer(store.view, { clock: stopwatch });
  const scrape = createScrape({
    ...scraping,
    renderer,
    refresh: (_signal, budgetMs) => refresh(budgetMs),
    onScrape: events.onScrape,
  });
  const age = options.selfMetrics === true ? { age: familySpec(threadContract, threadContract.metrics.valuesAge) } : {};
  const inThread = {
    store,
    scrape: scraping,
    refresh,
    onScrape: events.onScrape,
    clock: stopwatch,
    ...age,
    ...(patienceMs !== undefined && { patienceMs }),
  };

  const bridge: Bridge = Object.freeze({
    metrics: main.recorder as RecorderFor<Contract>,
    register: (added: Contract) => register(added).recorder as never,
    observe: (targets: readonly object[], callback: GroupCallback, given?: ObserveOptions) =>
      observeTogether(targets, addGroup, callback as never, given),
    meterProvider: createMeterProvider({
      contractOf: (name) => contracts.get(name),
      others: engine.meterProvider,
      addGroup,
      isClosed: () => closed,
    }),
    producer,
    scrape,
    onRefused: events.onRefused,
    async listen(address: string, { thread = false, ...given }: BridgeListenOptions = {}) {
      if (closing !== undefined) throw closedListener(given.at, address);
      const onRefused = (event: Refused): void => {
        events.onRefused(event);
        given.onRefused?.(event);
      };
      const listenOptions = { ...given, log: given.log === undefined ? log : safely(given.log), onRefused };
      // Loaded by who listens, so that importing Meterbridge stays quick for everybody else.
      const open = async (): Promise<Listener> =>
        thread
          ? (await import('../pull/listen-in-thread.ts')).listenInThread(inThread, address, listenOptions)
          : (await import('../pull/listen.ts')).listen(scrape, address, listenOptions);
      const opening = open();
      listeners.add(opening);
      opening.catch(() => listeners.delete(opening));
      const listener = await opening;
      if (closing === undefined) return listener;
      await listener.close();
      throw closedListener(given.at, address);
    },
    async gather() {
      await refresh();
      return gather(renderer);
    },
    refresh,
    flush: async (deadlineMs?: number) => (await push?.flush(deadlineMs)) ?? false,
    close() {
      closing ??= (async () => {
        forget?.();
        await Promise.allSettled([...listeners].map(async (opening) => (await opening).close()));
        // The last push asks once more, also what is asked seldom.
        askAnew();
        await push?.close();
        closed = true;
        for (const registered of contracts.values()) registered.close();
        await engine.close();
      })();
      return closing;
    },
  });

  if (options.selfMetrics === true) {
    const self = register(selfContract).recorder as unknown as SelfRecorder;
    observeTogether(Object.values(self), addTo(lastGroups), selfCallback(self, events.tally, store.view, stopwatch) as never);
  }
  function askAnew(): void {
    for (const { pace } of groups) if (pace !== undefined) pace.beganMs = undefined;
  }
  function reset(): void {
    for (const registered of contracts.values()) registered.reset();
    askAnew();
  }
  return { bridge, view: store.view, now: stopwatch, reset };
}

function closedListener(at: string | undefined, address: string): Error {
  const rule = 'a listener is opened before its bridge is closed, which would show values that no longer change';
  return listenFailed(at, address, rule, 'call listen() ahead of close(), or on another bridge');
}

/** A log that throws must not cost a measurement or a collection, and what is foreign in a line must not forge another. */
function safely(log: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      log(visible(line));
    } catch {
      // There is nowhere left to say so.
    }
  };
}
