/** What enters a queue: at once where it waits in memory, else once it is written. Until then it counts as what waits. */
import { bytesOf, type Entry, type Loaded, type Sizer, sizeOf } from './entry.ts';
import type { Store } from './on-disk/store.ts';
import type { Waiting } from './waiting.ts';

export interface Entering {
  /** Of what is being written, in the unit of the queue. */
  readonly size: number;
  readonly bytes: number;
  /** Whether it has entered. Rejects where it cannot be written. */
  enter(entry: Entry): true | Promise<true>;
  /** Nothing is being written. */
  idle(): Promise<void>;
}

/** Of what waits on disk, so much is in memory, too: what is sent soon need not be read. */
const mostInMemory = 4 * 1_024 * 1_024;

/** @param ended called once an entry is written, or cannot be */
export function createEntering(waiting: Waiting, sizer: Sizer, store: () => Store | undefined, ended: () => void): Entering {
  const writing = new Set<Promise<true>>();
  let size = 0;
  let bytes = 0;

  async function write(entry: Entry, to: Store): Promise<true> {
    const own = { size: sizeOf(sizer, entry), bytes: bytesOf(entry) };
    size += own.size;
    bytes += own.bytes;
    try {
      const soon = waiting.entries.bytes + bytes <= mostInMemory;
      for (const part of await to.write(entry as Loaded, soon)) waiting.push(part);
      return true;
    } finally {
      size -= own.size;
      bytes -= own.bytes;
      ended();
    }
  }

  return Object.freeze({
    get size() {
      return size;
    },
    get bytes() {
      return bytes;
    },
    enter(entry: Entry) {
      const to = store();
      // What a sender waits for is sent, and never stored.
      if (to === undefined) {
        waiting.push(entry);
        return true;
      }
      const written = write(entry, to);
      writing.add(written);
      const gone = () => void writing.delete(written);
      written.then(gone, gone);
      return written;
    },
    async idle() {
      while (writing.size > 0) await Promise.allSettled(writing);
    },
  });
}
