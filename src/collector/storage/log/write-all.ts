/**
 * Writes buffers to a place of a file. What goes to the system's memory takes microseconds, less than the way to another thread and back; a disk that keeps
 * writers waiting is written to from another thread.
 */
import { writevSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

export type WriteAll = (handle: FileHandle, buffers: readonly Uint8Array[], position: number) => Promise<void>;

/** A write that takes longer has waited for the disk. */
const slowMs = 25;
/** How long the disk is then written to from another thread. */
const slowForMs = 1_000;
/** More at once are refused by the system. */
const mostBuffers = 1_024;
/** More at once are copied from another thread. */
const mostBytes = 256 * 1_024;

export function createWriteAll(): WriteAll {
  let slowUntil = 0;

  function writeNow(handle: FileHandle, buffers: readonly Uint8Array[], position: number): number {
    const from = performance.now();
    const written = writevSync(handle.fd, buffers, position);
    const to = performance.now();
    if (to - from > slowMs) slowUntil = to + slowForMs;
    return written;
  }

  return async (handle, buffers, position) => {
    let left = buffers;
    let at = position;
    while (left.length > 0) {
      const some = left.slice(0, mostBuffers);
      const isNow = performance.now() >= slowUntil && bytesIn(some) <= mostBytes;
      const written = isNow ? writeNow(handle, some, at) : (await handle.writev(some, at)).bytesWritten;
      at += written;
      left = [...after(some, written), ...left.slice(mostBuffers)];
    }
  };
}

function bytesIn(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}

/** What of the buffers is not written. */
function after(buffers: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [at, buffer] of buffers.entries()) {
    if (left < buffer.length) return [buffer.subarray(left), ...buffers.slice(at + 1)];
    left -= buffer.length;
  }
  return [];
}
