/** The backend that a program hands to solti's runners and to its supervision: they tell what happens, in milliseconds. */
import { durationOf } from '../../src/host.ts';
import { type Bridge, type GatheredFamily, meterbridge, type Recorder } from '../../src/index.ts';
import { solti, soltiContract } from './contract.ts';

export type SoltiRunner = 'subprocess' | 'wasm' | 'container';
export type TaskOutcome = 'success' | 'failure' | 'canceled' | 'timeout';
export type RunnerError = 'cgroup_prepare_failed' | 'backend_config_failed' | 'spawn_failed' | 'module_load_failed';
export type BackoffSource = 'failure' | 'success' | 'unknown';
export type TaskEnding = 'completed' | 'exhausted' | 'fatal';
export type TaskPhase = 'pending' | 'running' | 'succeeded' | 'failed' | 'timeout' | 'canceled' | 'exhausted';

/** What the supervision tells. Nothing here throws. A call with a value that does not fit is refused as a whole, and counted. */
export interface SoltiSupervision {
  /** An attempt at a task begins. */
  attemptStarted(): void;
  /** An attempt has ended, in whatever way. */
  attemptEnded(): void;
  /** The attempt that begins is not the task's first. */
  restarted(): void;
  /** An attempt was ended because its time was up. */
  timedOut(): void;
  /** The next attempt waits for `delayMs` milliseconds; less than 0 counts as 0. */
  backedOff(source: BackoffSource, delayMs: number): void;
  /** The task is not attempted any more, after so many attempts. */
  finalized(ending: TaskEnding, attempts: number): void;
  /** A task changes its phase; `from` is absent for a new one, `to` for one that is forgotten. */
  phaseChanged(from: TaskPhase | undefined, to: TaskPhase | undefined): void;
  subscriberOverflowed(events?: number): void;
  subscriberPanicked(): void;
}

/** What a runner tells, and where it is read. Nothing here throws. A call with a value that does not fit is refused as a whole, and counted. */
export interface SoltiBackend {
  taskStarted(runner: SoltiRunner): void;
  /** One attempt has ended, after `durationMs` milliseconds; less than 0 counts as 0. */
  taskCompleted(runner: SoltiRunner, outcome: TaskOutcome, durationMs: number): void;
  /** The runner failed before or after the task; that is not a completed task. */
  runnerError(runner: SoltiRunner, error: RunnerError): void;
  readonly supervision: SoltiSupervision;
  /** The bridge that the metrics are on. */
  registry(): SoltiRegistry;
  /** What a scrape would show, as data; of a shared registry everything that is on it. */
  gather(): Promise<readonly GatheredFamily[]>;
}

/** A bridge, whatever its own contract is. */
export type SoltiRegistry = Omit<Bridge, 'metrics'>;

export interface SoltiBackendOptions {
  /** The program's own bridge. Absent: an isolated one, which is pushed nowhere. */
  readonly registry?: SoltiRegistry;
  /** Labels of `solti_build_info`, e.g. `{ version: '1.4.2' }`. Default: none, and the series is absent. */
  readonly buildInfo?: Readonly<Record<string, string>>;
}

const millisecondsASecond = 1_000;
const sources = solti.metrics.svTaskBackoffCount.labels.source.values;
const knownPhases = solti.metrics.svTasksByPhase.labels.phase.values;
/** One backend a bridge: two would overwrite each other's gauges. */
const backends = new WeakMap<object, SoltiBackend>();

/**
 * The backend of a bridge; asked for again, the same one.
 *
 * @throws MeterbridgeError `CONTRACT_CONFLICT` when the bridge has a backend with other labels of `buildInfo`
 */
export function soltiBackend({ registry, buildInfo }: SoltiBackendOptions = {}): SoltiBackend {
  const declared = soltiContract(buildInfo === undefined ? undefined : Object.keys(buildInfo));
  const bridge: SoltiRegistry = registry ?? meterbridge(declared, { isolated: true, push: false, scrape: { onTooLarge: 'fail' } });
  const metrics = bridge.register(declared);
  const known = backends.get(bridge);
  if (buildInfo !== undefined) metrics.buildInfo.set(buildInfo);
  if (known !== undefined) return known;
  const backend = createBackend(bridge, metrics);
  backends.set(bridge, backend);
  return backend;
}

function createBackend(bridge: SoltiRegistry, metrics: Recorder<typeof solti>): SoltiBackend {
  return Object.freeze<SoltiBackend>({
    taskStarted: (runner) => metrics.runnerTasksStarted.add(1, { runner }),
    taskCompleted(runner, outcome, durationMs) {
      const seconds = secondsOf(durationMs);
      if (Number.isFinite(seconds)) metrics.runnerTasksCompleted.add(1, { runner, outcome });
      metrics.runnerTaskDuration.record(seconds, { runner, outcome });
    },
    runnerError: (runner, error) => metrics.runnerErrors.add(1, { runner, error }),
    supervision: createSupervision(metrics),
    registry: () => bridge,
    gather: () => bridge.gather(),
  });
}

function createSupervision(metrics: Recorder<typeof solti>): SoltiSupervision {
  let inFlight = 0;
  const phases = new Map<TaskPhase, number>();

  /** An end without its beginning must not make a number of things negative. */
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
      // Each is asked only if the other one would take it: what is refused is counted by the one that refuses.
      if (Number.isFinite(seconds) || !known) metrics.svTaskBackoffCount.add(1, { source });
      if (known) metrics.svTaskBackoffDuration.record(seconds);
    },
    finalized(ending, attemptsMade) {
      if (Number.isFinite(attemptsMade) && attemptsMade >= 0) metrics.svTaskTerminal.add(1, { reason: ending });
      metrics.svAttemptsToFinalize.record(attemptsMade, { outcome: ending });
    },
    phaseChanged(from, to) {
      const foreign = [from, to].find((phase) => phase !== undefined && !knownPhases.includes(phase));
      // Refused and counted by its metric, and nothing else changes.
      if (foreign !== undefined) return metrics.svTasksByPhase.set(0, { phase: foreign });
      if (from !== undefined) inPhase(from, -1);
      if (to !== undefined) inPhase(to, 1);
    },
    subscriberOverflowed: (events = 1) => metrics.svSubscriberOverflow.add(events),
    subscriberPanicked: () => metrics.svSubscriberPanicked.add(1),
  });
}

function secondsOf(ms: number): number {
  return durationOf(ms) / millisecondsASecond;
}
