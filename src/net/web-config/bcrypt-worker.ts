/**
 * Checks passwords one after the other in a thread, where it blocks no request. `bcrypt-queue.ts` starts it, through
 * `src/thread.ts`.
 */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

export interface Check {
  readonly password: string;
  readonly hash: string;
}

/** Responds until the thread is ended. */
export function runPasswords(): void {
  const host = parentPort as MessagePort;
  host.on('message', ({ password, hash }: Check) => {
    let matches = false;
    try {
      matches = compareSync(password, hash);
    } catch {
      // An input that bcrypt cannot compare does not match.
    }
    host.postMessage(matches);
  });
}
