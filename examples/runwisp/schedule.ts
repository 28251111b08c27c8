/** Computes when tasks are due, and records a slot that passed while the daemon was down as missed. */
import { Cron } from 'croner';
import { AGAIN_MS, type Bookkeeping } from '../bookkeeping.ts';
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
  books: Bookkeeping,
  supervisor: Supervisor,
  log: (line: string) => void,
  clock = Date.now,
): () => void {
  if (task.cron === undefined && task.everyMs === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  let down = true;

  function whyMissed(slot: number, latest: number | undefined, now: number): string | undefined {
    if (down) return 'the daemon was down';
    if (slot !== latest || now - slot > TOO_LATE_MS) return 'it passed unseen';
    return supervisor.active(task) > 0 ? 'still running' : undefined;
  }

  function logMissed(slot: number, why: string): void {
    log(`${task.name}: missed the slot of ${new Date(slot).toISOString()} (${why})`);
  }

  /** Settles the slots since the last one that was settled, and returns when the next one is due. */
  function settle(now: number): number | undefined {
    // A clock that was set back must not silence a schedule.
    const last = Math.min(store.lastSlot(task.name) ?? now, now);
    const slots = slotsBetween(task, last, now);
    const latest = slots.at(-1);
    const missed = slots.flatMap((slot) => {
      const why = whyMissed(slot, latest, now);
      return why === undefined ? [] : [{ slot, why }];
    });
    const settled = slots.length === MISSED_AT_MOST ? now : (latest ?? last);
    store.settle(
      task.name,
      missed.map(({ slot }) => slot),
      settled,
    );
    for (const { slot, why } of missed) logMissed(slot, why);
    if (down && missed.length > 0) {
      books.attempt('deleting old runs', () => store.retain(task.name, task.keepRuns, now - task.keepForMs));
    }
    down = false;
    if (slots.length > missed.length) begin(latest as number);
    return nextSlot(task, settled);
  }

  function begin(slot: number): void {
    if (supervisor.start(task, 'schedule') !== undefined) return;
    books.insist('noting a missed run', () => store.missed(task.name, slot));
    logMissed(slot, 'it could not be begun');
  }

  function tick(): void {
    let next: number | undefined = clock() + AGAIN_MS;
    books.attempt('settling a schedule', () => {
      next = settle(clock());
    });
    if (next !== undefined) timer = setTimeout(tick, Math.min(Math.max(next - clock(), 0), LONGEST_SLEEP_MS));
  }

  tick();
  return () => clearTimeout(timer);
}
