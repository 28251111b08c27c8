/** Runs commands as real processes: tasks when asked, services for as long as the daemon lives. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bookkeeping } from '../bookkeeping.ts';
import { childEnvironment } from '../child-environment.ts';
import { noted } from '../left-behind.ts';
import { type Process, startProcess } from '../process.ts';
import type { TaskConfig } from './config.ts';
import type { Outcome, RunStore, Trigger } from './run-store.ts';

interface Run {
  readonly task: TaskConfig;
  readonly process: Process;
  readonly over: Promise<void>;
}

export type Supervisor = ReturnType<typeof createSupervisor>;

/** How long an ended service stays down, so that one that cannot start does not overload the machine. */
const RESTART_DELAY_MS = 1_000;
/** A timer holds no more (24 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @param folder where commands run */
export function createSupervisor(store: RunStore, books: Bookkeeping, folder: string, log: (line: string) => void) {
  const running = new Set<Run>();
  const stopping = new AbortController();
  const { signal } = stopping;
  const processes = noted(store.processes, books);
  const runsOf = (task: TaskConfig) => [...running].filter((run) => run.task.name === task.name);

  /**
   * Starts one more run of a task; returns its id. Undefined when the run cannot be noted: then it does not start, and a service
   * tries again later.
   */
  function start(task: TaskConfig, trigger: Trigger): number | undefined {
    let id: number | undefined;
    books.attempt('beginning a run', () => {
      id = store.begin(task.name, trigger, Date.now());
    });
    if (id === undefined) {
      if (task.kind === 'service') restart(task);
      return undefined;
    }
    run(task, trigger, id);
    return id;
  }

  function run(task: TaskConfig, trigger: Trigger, id: number): void {
    const started = startProcess(['/bin/sh', '-c', task.run], {
      folder,
      env: childEnvironment(process.env, 'RUNWISP_TOKEN'),
      processes,
      line: (text) => log(`${task.name} | ${text}`),
    });
    let timedOut = false;
    function timeOut(): void {
      timedOut = true;
      started.kill('SIGKILL');
    }
    const timer = task.timeoutMs === undefined ? undefined : setTimeout(timeOut, Math.min(task.timeoutMs, LONGEST_TIMER_MS));
    const over = started.ended.then(({ code, how }) => {
      clearTimeout(timer);
      running.delete(one);
      // A service that we end has not failed; a task that we end has.
      const outcome = signal.aborted && task.kind === 'service' ? 'stopped' : code === 0 ? 'success' : 'failed';
      finish(task, id, outcome, timedOut ? 'timed out' : how);
    });
    const one = { task, process: started, over };
    running.add(one);
    log(`${task.name}: run ${id} started (${trigger})`);
  }

  function finish(task: TaskConfig, id: number, outcome: Outcome, how: string): void {
    const now = Date.now();
    books.insist('ending a run', () => store.end(id, outcome, now));
    books.attempt('deleting old runs', () => store.retain(task.name, task.keepRuns, now - task.keepForMs));
    log(`${task.name}: run ${id} ${outcome} (${how})`);
    if (task.kind === 'service') restart(task);
  }

  function restart(task: TaskConfig): void {
    sleep(RESTART_DELAY_MS, undefined, { signal }).then(
      () => start(task, 'service'),
      () => {},
    );
  }

  return Object.freeze({
    start,
    /** Runs in flight. */
    active: (task: TaskConfig) => runsOf(task).length,
    /** Their processes: each is the root of a tree. */
    pids: (task: TaskConfig) => runsOf(task).flatMap((run) => run.process.pid ?? []),
    /** Ends everything, by force after 5 s. */
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all([...running].flatMap((run) => [run.process.end(), run.over]));
    },
  });
}
