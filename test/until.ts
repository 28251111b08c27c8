/** Waits for the state that a test means. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Only bounds how long a broken program hangs: a busy machine takes many times what a quiet one does. */
export const DEADLINE_MS = 300_000;
const POLL_MS = 20;
/** After a second: what is asked for costs processor time, which on a busy machine others wait for. */
const MOST_POLL_MS = 100;

/** Resolves once `condition` holds; rejects with `what` after five minutes, by a clock that nobody sets. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const begin = performance.now();
  while (!(await condition())) {
    const waited = performance.now() - begin;
    if (waited > DEADLINE_MS) throw new Error(`still not ${what} after ${DEADLINE_MS} ms`);
    await sleep(Math.min(Math.max(POLL_MS, waited / 10), MOST_POLL_MS));
  }
}
