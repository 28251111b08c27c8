/**
 * The backend that a program passes to solti's runners, supervision, controller, API and discovery: they report events, in
 * milliseconds.
 */
import { durationOf, publicFunctions } from '../../src/host.ts';
import { type Bridge, type GatheredFamily, meterbridge, type Recorder } from '../../src/index.ts';
import { solti, soltiContract } from './contract.ts';

export type SoltiRunner = 'subprocess' | 'wasm' | 'container';
export type TaskOutcome = 'success' | 'failure' | 'canceled' | 'timeout';
export type RunnerError = 'cgroup_prepare_failed' | 'backend_config_failed' | 'spawn_failed' | 'module_load_failed';
export type BackoffSource = 'failure' | 'success' | 'unknown';
/** A task whose last attempt succeeded is exhausted, too: its policy allows no other one. */
export type TaskEnding = 'exhausted' | 'fatal';
export type TaskPhase = 'pending' | 'running' | 'succeeded' | 'failed' | 'timeout' | 'canceled' | 'exhausted';
export type RejectionReason =
  | 'slot_full'
  | 'slot_busy'
  | 'add_failed'
  | 'remove_failed'
  | 'queue_failed'
  | 'recovery_failed'
  | 'bus_lagged'
  | 'controller_exited'
  | 'other'
  | 'unknown';
export type ApiTransport = 'http' | 'grpc';
export type SyncFailure = 'connect' | 'timeout' | 'rejected_client' | 'rejected_server' | 'parse' | 'auth' | 'other';

/** The events of the supervision. No method throws. A call with an invalid value is refused as a whole, and counted. */
export interface SoltiSupervision {
  /** An attempt at a task begins. */
  attemptStarted(): void;
  /** An attempt has ended, with any outcome. */
  attemptEnded(): void;
  /** The attempt that begins is not the task's first. */
  restarted(): void;
  /** An attempt was ended by its time-out. */
  timedOut(): void;
  /** The next attempt waits for `delayMs` milliseconds; a negative value counts as 0. */
  backedOff(source: BackoffSource, delayMs: number): void;
  /** No further attempt at the task follows, after so many attempts. */
  finalized(ending: TaskEnding, attempts: number): void;
  /** A task changes its phase; `from` is absent for a new task, `to` for a removed one. */
  phaseChanged(from: TaskPhase | undefined, to: TaskPhase | undefined): void;
  subscriberOverflowed(events?: number): void;
  subscriberPanicked(): void;
}

/** The events of the controller, which admits tasks to their slots. No method throws. */
export interface SoltiController {
  /** A task was admitted: it runs, or waits for its slot. */
  submitted(): void;
  rejected(reason: RejectionReason): void;
}

/** The events of the API. No method throws. A call with an invalid value is refused as a whole, and counted. */
export interface SoltiApi {
  requestStarted(transport: ApiTransport): void;
  /**
   * A request was answered, after `durationMs` milliseconds; a negative value counts as 0.
   * @param method HTTP's, e.g. `GET`, or the RPC's name, e.g. `SubmitTask`
   * @param path the route's template, e.g. `/api/v1/tasks/{id}`, never what a client sent; or the RPC's full path. Beyond 100, it
   * is `other`
   * @param status HTTP's code, or the number of gRPC's
   */
  requestCompleted(transport: ApiTransport, method: string, path: string, status: number, durationMs: number): void;
  /** It is not in flight any more, answered or not. */
  requestEnded(transport: ApiTransport): void;
}

/**
 * The events of the discovery, which announces the program to a control plane. No method throws. A call with an invalid value is
 * refused as a whole, and counted.
 */
export interface SoltiDiscovery {
  /** The program is about to call the control plane. */
  attempted(): void;
  /** It is known there, after `durationMs` milliseconds; a negative value counts as 0. */
  succeeded(durationMs: number): void;
  failed(durationMs: number, reason: SyncFailure): void;
  /** The control plane asked to wait for `durationMs` milliseconds before the next attempt; a negative value counts as 0. */
  held(durationMs: number): void;
}

/**
 * The events of a runner, and access to the metrics. No method throws. A call with an invalid value is refused as a whole, and
 * counted.
 */
export interface SoltiBackend {
  taskStarted(runner: SoltiRunner): void;
  /** One attempt has ended, after `durationMs` milliseconds; a negative value counts as 0. */
  taskCompleted(runner: SoltiRunner, outcome: TaskOutcome, durationMs: number): void;
  /** The runner failed before or after the task; the task does not count as completed. */
  runnerError(runner: SoltiRunner, error: RunnerError): void;
  readonly supervision: SoltiSupervision;
  readonly controller: SoltiController;
  readonly api: SoltiApi;
  /**
   * For a program that has one. From the first call on, its families without labels are there, at 0; each call returns the same.
   */
  discovery(): SoltiDiscovery;
  /** The bridge that holds the metrics. */
  registry(): SoltiRegistry;
  /** The contents of a scrape, as data; for a shared registry all of its metrics. */
  gather(): Promise<readonly GatheredFamily[]>;
}

/** A bridge with any contract of its own. */
export type SoltiRegistry = Omit<Bridge, 'metrics'>;

export interface SoltiBackendOptions {
  /** The program's own bridge. Absent: an isolated one, which is not pushed. */
  readonly registry?: SoltiRegistry;
  /** Labels of `solti_build_info`, e.g. `{ version: '1.4.2' }`. Default: none, and the series is absent. */
  readonly buildInfo?: Readonly<Record<string, string>>;
}

type Metrics = Recorder<typeof solti>;

const millisecondsASecond = 1_000;
/** Of a page. */
const mostBytes = 4 * 2 ** 20;
const sources = solti.metrics.svTaskBackoffCount.labels.source.values;
const knownPhases = solti.metrics.svTasksByPhase.labels.phase.values;
const knownTransports = solti.metrics.apiInFlightRequests.labels.transport.values;
const knownFailures = solti.metrics.discoverFailures.labels.reason.values;
/** One backend per bridge: two would overwrite each other's gauges. */
const backends = new WeakMap<object, SoltiBackend>();

/**
 * The backend of a bridge; a second call returns the same one.
 *
 * @throws MeterbridgeError `CONTRACT_CONFLICT` when the bridge has a backend with other labels of `buildInfo`
 */
export function soltiBackend({ registry, buildInfo }: SoltiBackendOptions = {}): SoltiBackend {
  const declared = soltiContract(buildInfo === undefined ? undefined : Object.keys(buildInfo));
  const bridge: SoltiRegistry =
    registry ?? meterbridge(declared, { isolated: true, push: false, scrape: { maxBytes: mostBytes, onTooLarge: 'fail' } });
  const metrics = bridge.register(declared);
  const known = backends.get(bridge);
  if (buildInfo !== undefined) metrics.buildInfo.set(buildInfo);
  if (known !== undefined) return known;
  const backend = createBackend(bridge, metrics);
  backends.set(bridge, backend);
  return backend;
}

function createBackend(bridge: SoltiRegistry, metrics: Metrics): SoltiBackend {
  let discovery: SoltiDiscovery | undefined;
  return Object.freeze<SoltiBackend>({
    taskStarted: (runner) => metrics.runnerTasksStarted.add(1, { runner }),
    taskCompleted(runner, outcome, durationMs) {
      const seconds = secondsOf(durationMs);
      if (Number.isFinite(seconds)) metrics.runnerTasksCompleted.add(1, { runner, outcome });
      metrics.runnerTaskDuration.record(seconds, { runner, outcome });
    },
    runnerError: (runner, error) => metrics.runnerErrors.add(1, { runner, error }),
    supervision: createSupervision(metrics),
    controller: Object.freeze<SoltiController>({
      submitted: () => metrics.ctrlSubmissions.add(1),
      rejected: (reason) => metrics.ctrlRejections.add(1, { reason }),
    }),
    api: createApi(metrics),
    discovery() {
      discovery ??= createDiscovery(metrics);
      return discovery;
    },
    registry: () => bridge,
    gather: () => bridge.gather(),
  });
}

function createSupervision(metrics: Metrics): SoltiSupervision {
  let inFlight = 0;
  const phases = new Map<TaskPhase, number>();

  /** An end without its beginning must not make a gauge negative. */
  function inPhase(phase: TaskPhase, change: 1 | -1): void {
    const tasks = Math.max(0, (phases.get(phase) ?? 0) + change);
    phases.set(phase, tasks);
    metrics.svTasksByPhase.set(tasks, { phase });
  }

  function attempts(change: 1 | -1): void {
    inFlight = Math.max(0, inFlight + change);
    metrics.svTasksInFlight.set(inFlight);
  }

  return Object.freeze<SoltiSupervision>({
    attemptStarted: () => attempts(1),
    attemptEnded: () => attempts(-1),
    restarted: () => metrics.svTaskRestarts.add(1),
    timedOut: () => metrics.svTaskTimeouts.add(1),
    backedOff(source, delayMs) {
      const seconds = secondsOf(delayMs);
      const known = sources.includes(source);
      // Each metric is called only if the other would accept its value; the one that refuses counts the refusal.
      if (Number.isFinite(seconds) || !known) metrics.svTaskBackoffCount.add(1, { source });
      if (known) metrics.svTaskBackoffDuration.record(seconds);
    },
    finalized(ending, attemptsMade) {
      if (Number.isFinite(attemptsMade) && attemptsMade >= 0) metrics.svTaskTerminal.add(1, { reason: ending });
      metrics.svAttemptsToFinalize.record(attemptsMade, { outcome: ending });
    },
    phaseChanged(from, to) {
      const foreign = [from, to].find((phase) => phase !== undefined && !knownPhases.includes(phase));
      // The metric refuses and counts it, and nothing else changes.
      if (foreign !== undefined) return metrics.svTasksByPhase.set(0, { phase: foreign });
      if (from !== undefined) inPhase(from, -1);
      if (to !== undefined) inPhase(to, 1);
    },
    subscriberOverflowed: (events = 1) => metrics.svSubscriberOverflow.add(events),
    subscriberPanicked: () => metrics.svSubscriberPanicked.add(1),
  });
}

function createApi(metrics: Metrics): SoltiApi {
  const inFlight = new Map<ApiTransport, number>();

  /** An end without its beginning must not make a gauge negative. */
  function change(transport: ApiTransport, by: 1 | -1): void {
    const requests = Math.max(0, (inFlight.get(transport) ?? 0) + by);
    // What is no transport is refused and counted by the metric.
    if (knownTransports.includes(transport)) inFlight.set(transport, requests);
    metrics.apiInFlightRequests.set(requests, { transport });
  }

  return Object.freeze<SoltiApi>({
    requestStarted: (transport) => change(transport, 1),
    requestCompleted(transport, method, path, status, durationMs) {
      const seconds = secondsOf(durationMs);
      const hasStatus = typeof status === 'number' || typeof status === 'string';
      // The one that refuses counts the refusal.
      if (Number.isFinite(seconds) || !hasStatus) metrics.apiRequests.add(1, { transport, method, path, status });
      if (hasStatus) metrics.apiRequestDuration.record(seconds, { transport, method, path });
    },
    requestEnded: (transport) => change(transport, -1),
  });
}

function createDiscovery(metrics: Metrics): SoltiDiscovery {
  metrics.discoverAttempts.zero();
  // The UNIX epoch: never.
  metrics.discoverLastSuccessTimestamp.zero();
  metrics.discoverHolds.zero();
  metrics.discoverHoldDuration.zero();

  return Object.freeze<SoltiDiscovery>({
    attempted: () => metrics.discoverAttempts.add(1),
    succeeded(durationMs) {
      const seconds = secondsOf(durationMs);
      metrics.discoverDuration.record(seconds, { outcome: 'success' });
      if (!Number.isFinite(seconds)) return;
      metrics.discoverOutcomes.add(1, { outcome: 'success' });
      metrics.discoverLastSuccessTimestamp.setToCurrentTime();
    },
    failed(durationMs, reason) {
      const seconds = secondsOf(durationMs);
      const known = knownFailures.includes(reason);
      if (Number.isFinite(seconds) || !known) metrics.discoverFailures.add(1, { reason });
      if (known) metrics.discoverDuration.record(seconds, { outcome: 'failure' });
      if (Number.isFinite(seconds) && known) metrics.discoverOutcomes.add(1, { outcome: 'failure' });
    },
    held(durationMs) {
      const seconds = secondsOf(durationMs);
      metrics.discoverHoldDuration.record(seconds);
      if (Number.isFinite(seconds)) metrics.discoverHolds.add(1);
    },
  });
}

function secondsOf(ms: number): number {
  return durationOf(ms) / millisecondsASecond;
}

publicFunctions(soltiBackend);
