/** When tasks are due, and what becomes of a slot that passed while nobody could run it: it is recorded as missed. */
import { Cron } from 'croner';
import type { TaskConfig } from './config.ts';
import type { RunStore } from './run-store.ts';
import type { Supervisor } from './supervisor.ts';

/** A slot older than this is no longer run but missed: the machine was asleep. */
const TOO_LATE_MS = 30_000;
/** So many missed slots are recorded at most at a time. */
export const MISSED_AT_MOST = 1_000;
/** Longest sleep: a timer cannot hold more than 24 days, and the clock may be set in between. */
const LONGEST_SLEEP_MS = 60_000;

/** The first slot after `after`, ms since the epoch; undefined when there is none. An interval counts from `after` itself. */
export function nextSlot(task: TaskConfig, after: number): number | undefined {
  if (task.everyMs !== undefined) return after + task.everyMs;
  return task.cron === undefined ? undefined : new Cron(task.cron).nextRun(new Date(after))?.getTime();
}

/** Slots after `after` up to `until`, oldest first, at most 1,000. */
export function slotsBetween(task: TaskConfig, after: number, until: number): number[] {
  const slots: number[] = [];
  let slot = nextSlot(task, after);
  while (slot !== undefined && slot <= until && slots.length < MISSED_AT_MOST) {
    slots.push(slot);
    slot = nextSlot(task, slot);
  }
  return slots;
}

/** Settles what was missed of a task while the daemon was down, then runs it as it falls due. Returns what stops that. */
export function schedule(
  task: TaskConfig,
  store: RunStore,
  supervisor: Supervisor,
  log: (line: string) => void,
  clock = Date.now,
): () => void {
  if (task.cron === undefined && task.everyMs === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;

  function miss(slot: number, why: string): void {
    store.missed(task.name, slot);
    log(`${task.name}: missed the slot of ${new Date(slot).toISOString()} (${why})`);
  }

  /** Settles the slots since `last`, and waits for the next one. */
  function pass(last: number, now: number, settle: (slot: number, isLatest: boolean) => void): void {
    const slots = slotsBetween(task, last, now);
    for (const slot of slots) settle(slot, slot === slots.at(-1));
    const settled = slots.length === MISSED_AT_MOST ? now : (slots.at(-1) ?? last);
    store.setLastSlot(task.name, settled);
    const next = nextSlot(task, settled);
    if (next !== undefined) timer = setTimeout(tick, Math.min(Math.max(next - clock(), 0), LONGEST_SLEEP_MS));
  }

  function tick(): void {
    const now = clock();
    pass(store.lastSlot(task.name) ?? now, now, (slot, isLatest) => {
      if (!isLatest || now - slot > TOO_LATE_MS) miss(slot, 'it passed unseen');
      else if (supervisor.active(task) > 0) miss(slot, 'still running');
      else supervisor.start(task, 'schedule');
    });
  }

  const now = clock();
  // A clock that was set back must not silence a schedule.
  pass(Math.min(store.lastSlot(task.name) ?? now, now), now, (slot, isLatest) => {
    miss(slot, 'the daemon was down');
    if (isLatest) store.retain(task.name, task.keepRuns, now - task.keepForMs);
  });
  return () => clearTimeout(timer);
}
