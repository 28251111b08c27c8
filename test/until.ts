/** Waits for the state that a test means. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Only bounds how long a broken program hangs: a busy machine takes many times what a quiet one does. */
export const DEADLINE_MS = 300_000;
const POLL_MS = 20;

/** Resolves once `condition` holds; rejects with `what` after five minutes, by a clock that nobody sets. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`still not ${what} after ${DEADLINE_MS} ms`);
    await sleep(POLL_MS);
  }
}
