/**
 * Writes buffers to a place of a file. What goes to the system's memory takes microseconds, less than the way to another thread
 * and back; a disk that keeps writers waiting is written to from another thread.
 */
import { writevSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

export interface FileWriting {
  /** False: not all of it is written, for that would wait for the disk. `write` writes it again. @throws errors of the system */
  writeNow(handle: FileHandle, buffers: readonly Uint8Array[], position: number): boolean;
  /** From another thread, unless it can be written now. */
  write(handle: FileHandle, buffers: readonly Uint8Array[], position: number): Promise<void>;
}

/** A write that takes longer has waited for the disk. */
const slowMs = 25;
/** How long the disk is then written to from another thread: twice as long each time that it still is slow. */
const slowForMs = { least: 1_000, most: 30_000 };
/** More at once are refused by the system. */
const mostBuffers = 1_024;
/** Of one write, so that it does not wait for the disk several times: some 50 µs. */
const mostBytes = 256 * 1_024;

export function createFileWriting(): FileWriting {
  let slowUntil = 0;
  let slowFor = slowForMs.least;

  function timed(handle: FileHandle, buffers: readonly Uint8Array[], position: number): number {
    const from = performance.now();
    const written = writevSync(handle.fd, buffers, position);
    const to = performance.now();
    if (to - from > slowMs) {
      slowFor = from - slowUntil < slowFor ? Math.min(2 * slowFor, slowForMs.most) : slowForMs.least;
      slowUntil = to + slowFor;
    }
    return written;
  }

  function writeNow(handle: FileHandle, buffers: readonly Uint8Array[], position: number): boolean {
    let left = buffers;
    let at = position;
    while (left.length > 0) {
      if (performance.now() < slowUntil) return false;
      const written = timed(handle, first(left, mostBytes), at);
      at += written;
      left = after(left, written);
    }
    return true;
  }

  return Object.freeze({
    writeNow,
    async write(handle: FileHandle, buffers: readonly Uint8Array[], position: number) {
      if (writeNow(handle, buffers, position)) return;
      let left = buffers;
      let at = position;
      while (left.length > 0) {
        const { bytesWritten } = await handle.writev(left.slice(0, mostBuffers), at);
        at += bytesWritten;
        left = after(left, bytesWritten);
      }
    },
  });
}

/** As much of them as has so many bytes. */
function first(buffers: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [at, buffer] of buffers.entries()) {
    if (left < buffer.length) return [...buffers.slice(0, at), buffer.subarray(0, left)];
    if (at + 1 === mostBuffers) return buffers.slice(0, mostBuffers);
    left -= buffer.length;
  }
  return buffers;
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
