/** `meterbridge()`: puts together one or more contracts, one store and its readers. */

import type { MeterProvider } from '@opentelemetry/api';
import type { Contract } from '../../core/contract/metric.ts';
import { publicFunctions } from '../../core/errors/caller.ts';
import { fromCaller } from '../../core/errors/from-caller.ts';
import type { Store, View } from '../../core/store/index.ts';
import type { ParsedFamily } from '../../formats/exposition/index.ts';
import type { Refused } from '../../net/access/guarded.ts';
import type { Handler } from '../../net/http/exchange.ts';
import type { Listener } from '../../net/pull/index.ts';
import type { MetricProducer } from '../push/index.ts';
import {
  type AnyObservedRecorder,
  createMeterProvider,
  type GroupCallback,
  type HandOver,
  type ObserveOptions,
  observeTogether,
  type RecorderFor,
} from '../recording/index.ts';
import { createClosing } from './closing.ts';
import type { Collecting } from './collecting.ts';
import type { Events } from './events.ts';
import { gather } from './gather.ts';
import type { BridgeListenOptions } from './listeners.ts';
import { type BridgeOptions, checkBridgeOptions, checkContract } from './options.ts';
import { createPull, createPush, createRecorders } from './parts.ts';
import { sharedBridge } from './registry.ts';
import { observeSelf } from './self.ts';
import { joinShared } from './shared.ts';

export interface Bridge<C extends Contract = Contract> {
  /** The contract's recorders, under its keys. After a hot reload, those of the edited contract. */
  readonly metrics: RecorderFor<C>;
  /**
   * Adds a contract to the same bridge, e.g. for a library inside the program. An equal contract returns the existing recorder.
   */
  register<N extends Contract>(contract: N): RecorderFor<N>;
  /** Attaches one callback to several observed metrics; returns a function that detaches it. */
  observe(targets: readonly AnyObservedRecorder[], callback: GroupCallback, options?: ObserveOptions): () => void;
  /** The same instruments through `@opentelemetry/api`. Not registered: call `metrics.setGlobalMeterProvider` yourself. */
  readonly meterProvider: MeterProvider;
  /** The store as a `MetricProducer`, for your own metric reader. */
  readonly producer: MetricProducer;
  /** The endpoint, independent of any framework; `meterbridge/fastify`, `nodeListener` and `fetchHandler` adapt it. */
  readonly scrape: Handler;
  /** Counts a rejected request in the self-metrics: `guarded(bridge.scrape, access, bridge)`. `listen` calls it for you. */
  readonly onRefused: (event: Refused) => void;
  /**
   * Opens the dedicated listener, e.g. on `127.0.0.1:9478`. Loopback only, unless you pass `public: true`. With `thread: true` it
   * runs in a worker thread and responds even while the event loop is blocked, with the last values of observed metrics.
   */
  listen(address: string, options?: BridgeListenOptions): Promise<Listener>;
  /**
   * Runs the callbacks and returns what a scrape would show, as data: families under their names in text 0.0.4, in the contract's
   * order.
   */
  gather(): Promise<readonly ParsedFamily[]>;
  /** Runs the callbacks and brings the store up to date. Readers do this themselves. */
  refresh(): Promise<void>;
  /**
   * Pushes now. False if the push fails, does not end within `deadlineMs` (default: the push's `timeoutMs`), must wait for the
   * receiver's
   * `Retry-After`, or if push is off.
   */
  flush(deadlineMs?: number): Promise<boolean>;
  /** Closes listeners, pushes a last time, and forgets the bridge. Later measurements are ignored and cost no memory. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Called when the bridge closes. */
  readonly forget?: () => void;
  /** How long a listener's thread waits for this one to acknowledge a scrape, in milliseconds. Default: 50. */
  readonly patienceMs?: number;
  /** How long the last push may take, in milliseconds. Default: 5,000. */
  readonly lastPushMs?: number;
}

/** What the package's other entry points can reach beyond a bridge. Not part of the stable interface. */
export interface OpenBridge {
  readonly bridge: Bridge;
  readonly store: Store;
  readonly clock: () => number;
  readonly log: (line: string) => void;
  readonly addSource: Collecting['addSource'];
  readonly onProduced: Events['onProduced'];
  /** Logs what a hot reload replaces; undefined: nothing is replaced. */
  readonly handOver: HandOver | undefined;
  readonly view: View;
  /** The clock of ages, in ms. */
  readonly now: () => number;
  /** The main contract, as it is now. */
  contract(): Contract;
  /** Removes all series of all contracts. Callbacks stay attached. */
  reset(): void;
  /** Calls `end` when the bridge closes, after the last push and before it records nothing any more. */
  beforeClosed(end: () => void): void;
}

const opened = new WeakMap<object, OpenBridge>();

/** Undefined: no bridge of this copy of the package. */
export const openedBridge = (bridge: object): OpenBridge | undefined => opened.get(bridge);

/**
 * Creates the bridge of a contract, or returns the one that this process already has for it. Synchronous, before any I/O. Unless
 * `NODE_ENV` is
 * `production`, an edited contract of the same name replaces the earlier one (hot reload), with a log line; metrics declared
 * alike keep their values.
 * @throws CONTRACT_CONFLICT, OPTION_INVALID, PUSH_CONFIG_INVALID, DEPENDENCY_MISSING
 */
export function meterbridge<C extends Contract>(contract: C, options: BridgeOptions = {}): Bridge<C> {
  checkContract(contract);
  checkBridgeOptions(options);
  if (options.isolated === true) return openBridge(contract, options).bridge as unknown as Bridge<C>;
  return sharedBridge(contract, options, (forget) => openBridge(contract, options, { forget })) as unknown as Bridge<C>;
}

export function openBridge(
  contract: Contract,
  options: BridgeOptions,
  { forget, patienceMs, lastPushMs }: OpenOptions = {},
): OpenBridge {
  const recorders = createRecorders(contract, options);
  const { stopwatch, store, events, engine, collecting, contracts } = recorders;
  let main = contracts.register(contract);
  const shared = joinShared(recorders, contract.name, options);
  const push = createPush(recorders, shared);
  const { renderer, scrape, listeners, leave } = createPull(recorders, contract, options, shared, patienceMs);
  const closing = createClosing({ ...recorders, push, listeners, leave }, { name: contract.name, forget, lastPushMs });

  function register(added: Contract): object {
    return fromCaller(register, () => {
      checkContract(added);
      const registered = contracts.register(added);
      if (added.name === contract.name) main = registered;
      return registered.recorder;
    });
  }

  function observe(targets: readonly object[], callback: GroupCallback, given?: ObserveOptions): () => void {
    return fromCaller(observe, () => observeTogether(targets, collecting.add, callback as never, given));
  }

  const bridge: Bridge = Object.freeze({
    get metrics() {
      return main.recorder as RecorderFor<Contract>;
    },
    register: register as never,
    observe,
    meterProvider: createMeterProvider({
      contractOf: contracts.get,
      others: engine.meterProvider,
      addGroup: collecting.add,
      isClosed: contracts.isClosed,
    }),
    producer: push.producer,
    scrape,
    onRefused: events.onRefused,
    listen: listeners.listen,
    async gather() {
      await collecting.refresh();
      return gather(renderer);
    },
    async refresh(budgetMs?: number) {
      await collecting.refresh(budgetMs);
    },
    flush: push.flush,
    close: closing.close,
  });

  if (options.selfMetrics === true) observeSelf(recorders);
  function reset(): void {
    contracts.reset();
    collecting.askAgain();
  }
  const open: OpenBridge = {
    contract: () => contracts.get(contract.name)?.contract ?? contract,
    bridge,
    store,
    clock: recorders.clock,
    log: recorders.log,
    addSource: collecting.addSource,
    onProduced: events.onProduced,
    handOver: recorders.handOver,
    view: store.view,
    now: stopwatch,
    reset,
    beforeClosed: closing.beforeClosed,
  };
  opened.set(bridge, open);
  return open;
}

publicFunctions(meterbridge);
