/** The threads that a store is shared with, and which messages each has received. */
import type { Readers } from '../labels/label-memory.ts';
import type { SharePort } from '../store.ts';
import type { ShareMessage } from './share.ts';

interface Posted {
  /** Messages to it, the first among them. */
  count: number;
  /** Those that it has received, in shared memory: it counts modulo 2^32. */
  readonly taken: Int32Array;
}

export class Ports implements Readers {
  private readonly all = new Map<SharePort, Posted>();

  get size(): number {
    return this.all.size;
  }

  /** Begins to post to a port: first the memory in which it counts what it has received. */
  add(port: SharePort, word: Int32Array): void {
    const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.all.set(port, { count: 0, taken });
    this.postTo(port, { type: 'walks', word, taken });
  }

  remove(port: SharePort): void {
    this.all.delete(port);
  }

  post(message: ShareMessage): void {
    for (const port of this.all.keys()) this.postTo(port, message);
  }

  postTo(port: SharePort, message: ShareMessage): void {
    const posted = this.all.get(port);
    if (posted === undefined) return;
    posted.count = (posted.count + 1) | 0;
    port.postMessage(message);
  }

  mark(): () => boolean {
    const marks = [...this.all].map(([port, { count }]) => ({ port, count }));
    return () => marks.every(({ port, count }) => this.hasTaken(port, count));
  }

  private hasTaken(port: SharePort, count: number): boolean {
    const posted = this.all.get(port);
    return posted === undefined || ((Atomics.load(posted.taken, 0) - count) | 0) >= 0;
  }
}
