import type { Entry } from './entry.ts';

/** Where entries wait, in their order. */
export interface QueueMemory {
  readonly length: number;
  /** 0 is the oldest. */
  at(place: number): Entry | undefined;
  push(entry: Entry): void;
  /** Takes the oldest. */
  shift(): Entry | undefined;
  /** Puts entries in the place of the oldest ones, which it returns. */
  replace(count: number, entries: readonly Entry[]): readonly Entry[];
}

/** What has gone is let go in bulk, once there is so much of it. */
const bulk = 1_000;

export function createMemory(): QueueMemory {
  let entries: Entry[] = [];
  /** The place of the oldest. */
  let head = 0;
  return Object.freeze({
    get length() {
      return entries.length - head;
    },
    at: (place: number) => entries[head + place],
    push: (entry: Entry) => void entries.push(entry),
    shift() {
      const entry = entries[head];
      if (entry !== undefined) head++;
      if (head > bulk && head * 2 > entries.length) {
        entries = entries.slice(head);
        head = 0;
      }
      return entry;
    },
    replace(count: number, others: readonly Entry[]) {
      const replaced = entries.slice(head, head + count);
      entries = [...others, ...entries.slice(head + count)];
      head = 0;
      return replaced;
    },
  });
}
