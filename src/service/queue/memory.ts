import { bytesIn, bytesOf, type Entry } from './entry.ts';

/** Where entries wait, in their order. */
export interface QueueMemory {
  readonly length: number;
  /** Bytes of what waits. */
  readonly bytes: number;
  /** 0 is the oldest. */
  at(slot: number): Entry | undefined;
  push(entry: Entry): void;
  /** Takes the oldest. */
  shift(): Entry | undefined;
  /** Replaces the oldest entries, which it returns. Moves no others. */
  replace(count: number, entries: readonly Entry[]): readonly Entry[];
}

const smallest = 16;

/** A ring: what comes or goes at either end moves nothing else. */
export function createMemory(): QueueMemory {
  let ring: (Entry | undefined)[] = new Array(smallest);
  /** The slot of the oldest. */
  let head = 0;
  let bytes = 0;
  let length = 0;
  const placeOf = (at: number) => (head + at + ring.length) % ring.length;

  function room(more: number): void {
    if (length + more <= ring.length) return;
    const old = Array.from({ length }, (_, at) => ring[placeOf(at)]);
    ring = old.concat(new Array(Math.max(ring.length, more)));
    head = 0;
  }

  function shift(): Entry | undefined {
    if (length === 0) return undefined;
    const entry = ring[head];
    ring[head] = undefined;
    head = placeOf(1);
    length--;
    bytes -= bytesOf(entry as Entry);
    return entry;
  }

  return Object.freeze({
    get length() {
      return length;
    },
    at: (slot: number) => (slot < length ? ring[placeOf(slot)] : undefined),
    get bytes() {
      return bytes;
    },
    push(entry: Entry) {
      room(1);
      ring[placeOf(length++)] = entry;
      bytes += bytesOf(entry);
    },
    shift,
    replace(count: number, others: readonly Entry[]) {
      const replaced = Array.from({ length: Math.min(count, length) }, () => shift() as Entry);
      room(others.length);
      head = placeOf(-others.length);
      length += others.length;
      for (const [at, entry] of others.entries()) ring[placeOf(at)] = entry;
      bytes += bytesIn(others);
      return replaced;
    },
  });
}
