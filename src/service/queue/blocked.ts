/** Senders that wait for free capacity, in their order. */
import { bytesIn, bytesOf, type Entry } from './entry.ts';

export interface Blocked {
  readonly entry: Entry;
  /** It waits until there is free capacity; else only for the compaction of the queue. */
  readonly patient: boolean;
  readonly entered: (room: boolean | Promise<boolean>) => void;
}

export interface BlockedSenders {
  readonly length: number;
  readonly bytes: number;
  add(entry: Entry, patient: boolean): Promise<boolean>;
  /** Ahead of those that wait. */
  takeOver(others: readonly Blocked[]): void;
  /** Lets the first ones in as long as their entries fit. */
  admit(fits: (entry: Entry) => boolean, enter: (entry: Entry) => boolean | Promise<boolean>): void;
  /** Rejects those that are not patient, because the queue is full. */
  refuseImpatient(): void;
  leave(): readonly Blocked[];
}

export function createBlockedSenders(): BlockedSenders {
  const blocked: Blocked[] = [];
  let bytes = 0;
  const bytesNow = () => bytesIn(blocked.map(({ entry }) => entry));
  return Object.freeze({
    get length() {
      return blocked.length;
    },
    get bytes() {
      return bytes;
    },
    add(entry: Entry, patient: boolean) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      blocked.push({ entry, patient, entered: resolve });
      bytes += bytesOf(entry);
      return promise;
    },
    takeOver(others: readonly Blocked[]) {
      blocked.unshift(...others);
      bytes = bytesNow();
    },
    admit(fits: (entry: Entry) => boolean, enter: (entry: Entry) => boolean | Promise<boolean>) {
      for (let [first] = blocked; first !== undefined && fits(first.entry); [first] = blocked) {
        blocked.shift();
        bytes -= bytesOf(first.entry);
        first.entered(enter(first.entry));
      }
    },
    refuseImpatient() {
      const refused = blocked.filter(({ patient }) => !patient);
      if (refused.length === 0) return;
      blocked.splice(0, blocked.length, ...blocked.filter(({ patient }) => patient));
      bytes = bytesNow();
      for (const { entered } of refused) entered(false);
    },
    leave() {
      bytes = 0;
      return blocked.splice(0);
    },
  });
}
