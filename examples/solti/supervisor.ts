/**
 * Keeps each task going: attempts, pauses between them, an end. It reports to the backend's controller and supervision, and to
 * the subscribers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SoltiBackend, TaskEnding, TaskPhase } from '../../instrumentation/solti/index.ts';
import { type Attempted, attempt } from './attempt.ts';
import type { SoltiConfig, TaskConfig } from './config.ts';
import type { Events } from './events.ts';

export interface TaskState {
  readonly name: string;
  readonly phase: TaskPhase;
  readonly attempts: number;
  /** How the last attempt ended. */
  readonly how: string;
}

export type Supervisor = ReturnType<typeof createSupervisor>;

/** Another attempt would find the same. A program that is missing may be about to be installed. */
const fatal: ReadonlySet<Attempted['outcome']> = new Set([
  'cgroup_prepare_failed',
  'backend_config_failed',
  'module_load_failed',
]);

type Log = (line: string) => void;

export function createSupervisor({ tasks, folder }: SoltiConfig, backend: SoltiBackend, events: Events, log: Log) {
  const { controller } = backend;
  const actors = new Map(tasks.map((task) => [task.name, createActor(task, folder, backend, events, log)]));

  /** False when the task runs: each has one slot, and no queue. */
  function submit(name: string): boolean {
    const isBegun = actors.get(name)?.start() ?? false;
    if (isBegun) controller.submitted();
    else controller.rejected('slot_busy');
    return isBegun;
  }

  return Object.freeze({
    start(): void {
      for (const name of actors.keys()) submit(name);
    },
    submit,
    tasks: (): readonly TaskState[] => [...actors.values()].map(({ state }) => state()),
    /** False when the task has ended, or there is none of that name. */
    cancel: (name: string): boolean => actors.get(name)?.cancel() ?? false,
    /** Cancels every task; resolves when nothing runs any more. */
    async stop(): Promise<void> {
      for (const actor of actors.values()) actor.cancel();
      await Promise.all([...actors.values()].map(({ ended }) => ended()));
    },
  });
}

function createActor(task: TaskConfig, folder: string, backend: SoltiBackend, events: Events, log: Log) {
  const { supervision } = backend;
  const { name, runner } = task;
  let canceled = new AbortController();
  let phase: TaskPhase = 'pending';
  let attempts = 0;
  let how = '';
  let running: Promise<void> | undefined;
  supervision.phaseChanged(undefined, phase);

  function enter(next: TaskPhase): void {
    supervision.phaseChanged(phase, next);
    phase = next;
    log(`${name}: ${phase}${how === '' ? '' : ` (${how})`}`);
    events.publish({ at: new Date().toISOString(), task: name, runner, phase, attempt: attempts, how });
  }

  async function once(signal: AbortSignal): Promise<Attempted['outcome']> {
    attempts += 1;
    if (attempts > 1) supervision.restarted();
    how = '';
    enter('running');
    supervision.attemptStarted();
    const attempted = await attempt({ task, folder, line: (text) => log(`${name} | ${text}`) }, signal, backend);
    supervision.attemptEnded();
    how = attempted.how;
    return attempted.outcome;
  }

  function finish(last: TaskPhase, ending: TaskEnding): void {
    enter(last);
    supervision.finalized(ending, attempts);
  }

  async function pause(source: 'failure' | 'success', delayMs: number, signal: AbortSignal): Promise<void> {
    supervision.backedOff(source, delayMs);
    await sleep(delayMs, undefined, { signal }).catch(() => {});
  }

  async function run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const outcome = await once(signal);
      if (outcome === 'canceled') break;
      if (outcome === 'timeout') supervision.timedOut();
      if (outcome === 'success') {
        failures = 0;
        // For solti such a task is exhausted, too: its policy allows no further attempt.
        if (task.everyMs === undefined) return finish('succeeded', 'exhausted');
        enter('succeeded');
        await pause('success', task.everyMs, signal);
        continue;
      }
      failures += 1;
      if (fatal.has(outcome)) return finish('failed', 'fatal');
      if (failures >= task.attempts) return finish('exhausted', 'exhausted');
      enter(outcome === 'timeout' ? 'timeout' : 'failed');
      await pause('failure', Math.min(task.backoffCapMs, task.backoffMs * 2 ** (failures - 1)), signal);
    }
    // A cancel request is not one of the reasons, so the task does not count as finalized.
    enter('canceled');
  }

  return {
    state: (): TaskState => ({ name, phase, attempts, how }),
    /** False when it runs. One that has ended starts over. */
    start(): boolean {
      if (running !== undefined) return false;
      if (phase !== 'pending') {
        attempts = 0;
        how = '';
        enter('pending');
      }
      canceled = new AbortController();
      running = run(canceled.signal).finally(() => {
        running = undefined;
      });
      return true;
    },
    cancel(): boolean {
      const can = running !== undefined && !canceled.signal.aborted;
      canceled.abort();
      return can;
    },
    ended: () => running,
  };
}
