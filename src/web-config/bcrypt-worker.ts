/** Checks passwords, one after the other, where it holds up nobody. Started by `bcrypt-lane.ts`, imported by nobody. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

export interface Check {
  readonly password: string;
  readonly hash: string;
}

const host = parentPort as MessagePort;
host.on('message', ({ password, hash }: Check) => {
  let matches = false;
  try {
    matches = compareSync(password, hash);
  } catch {
    // What cannot be compared does not match.
  }
  host.postMessage(matches);
});
