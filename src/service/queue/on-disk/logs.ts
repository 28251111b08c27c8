/** The logs behind a queue: its own, and those that former components have handed over. */
import type { OpenLog } from '../../storage/directory.ts';

export interface Logs {
  add(...others: readonly OpenLog[]): void;
  /** They are another queue's from now on. */
  leave(): readonly OpenLog[];
  close(): Promise<void>;
}

export function createLogs(): Logs {
  const opened: OpenLog[] = [];
  return Object.freeze({
    add(...others: readonly OpenLog[]) {
      opened.push(...others);
    },
    leave: () => opened.splice(0),
    async close() {
      await Promise.all(opened.splice(0).map((one) => one.close()));
    },
  });
}
