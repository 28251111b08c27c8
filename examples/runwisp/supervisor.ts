/** Runs commands as real processes: tasks when asked, services for as long as the daemon lives. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TaskConfig } from './config.ts';
import type { Outcome, RunStore, Trigger } from './run-store.ts';

export interface Supervisor {
  /** Starts one more run of a task; returns its id. */
  start(task: TaskConfig, trigger: Trigger): number;
  /** Runs in flight. */
  active(task: TaskConfig): number;
  /** Their processes: each is the root of a tree. */
  pids(task: TaskConfig): readonly number[];
  /** Ends everything, by force after 5 s. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly store: RunStore;
  /** Where commands run. */
  readonly folder: string;
  readonly clock: () => number;
  readonly log: (line: string) => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

/** How long an ended service stays down, so that one that cannot start does not take the machine with it. */
const RESTART_DELAY_MS = 1_000;
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5_000;

/** A timer holds no more (24 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createSupervisor({ store, folder, clock, log }: SupervisorOptions): Supervisor {
  const running = new Map<string, Set<Running>>();
  const restarts = new Set<NodeJS.Timeout>();
  let stopping = false;

  function start(task: TaskConfig, trigger: Trigger): number {
    const id = store.begin(task.name, trigger, clock());
    const child = spawn('/bin/sh', ['-c', task.run], {
      cwd: folder,
      // Its own session: so the whole tree can be found and ended.
      detached: true,
      env: { ...process.env, RUNWISP_TOKEN: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) store.processes.begun(child.pid);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => log(`${task.name} | ${line}`));
    let timedOut = false;
    const timer = task.timeoutMs === undefined ? undefined : setTimeout(timeOut, Math.min(task.timeoutMs, LONGEST_TIMER_MS));
    function timeOut(): void {
      timedOut = true;
      signal(child, 'SIGKILL');
    }
    const ended = new Promise<void>((resolve) => {
      const end = (succeeded: boolean, how: string): void => {
        clearTimeout(timer);
        running.get(task.name)?.delete(entry);
        if (child.pid !== undefined) store.processes.ended(child.pid);
        finish(task, id, outcomeOf(task, succeeded), timedOut ? 'timed out' : how);
        resolve();
      };
      child.once('error', (error) => end(false, error.message));
      child.once('exit', (code, killedBy) => end(code === 0, killedBy ?? `exit ${code}`));
    });
    const entry: Running = { child, ended };
    running.set(task.name, (running.get(task.name) ?? new Set()).add(entry));
    log(`${task.name}: run ${id} started (${trigger})`);
    return id;
  }

  /** A service that we end has not failed; a task that we end has. */
  function outcomeOf(task: TaskConfig, succeeded: boolean): Outcome {
    if (stopping && task.kind === 'service') return 'stopped';
    return succeeded ? 'success' : 'failed';
  }

  function finish(task: TaskConfig, id: number, outcome: Outcome, how: string): void {
    const now = clock();
    store.end(id, outcome, now);
    store.retain(task.name, task.keepRuns, now - task.keepForMs);
    log(`${task.name}: run ${id} ${outcome} (${how})`);
    if (task.kind !== 'service' || stopping) return;
    const restart = setTimeout(() => {
      restarts.delete(restart);
      start(task, 'service');
    }, RESTART_DELAY_MS);
    restarts.add(restart);
  }

  const all = () => [...running.values()].flatMap((set) => [...set]);

  return Object.freeze({
    start,
    active: (task) => running.get(task.name)?.size ?? 0,
    pids: (task) => [...(running.get(task.name) ?? [])].flatMap(({ child }) => child.pid ?? []),
    async stop() {
      stopping = true;
      for (const restart of restarts) clearTimeout(restart);
      const left = all();
      for (const { child } of left) signal(child, 'SIGTERM');
      const force = setTimeout(() => {
        for (const { child } of all()) signal(child, 'SIGKILL');
      }, GRACE_MS);
      await Promise.all(left.map(({ ended }) => ended));
      clearTimeout(force);
      // Whoever is left in a session has ignored the signal or outlived its parent.
      for (const { child } of left) signal(child, 'SIGKILL');
    },
  } satisfies Supervisor);
}

/** To the whole process group. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // Gone already.
  }
}
