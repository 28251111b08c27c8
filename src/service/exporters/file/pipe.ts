/**
 * What is at the path if it is no file: a pipe, a terminal, `/dev/null`. Nothing here waits in the operating system, where it
 * could not be cancelled: a write to a full pipe is retried, and a pipe without a reader is opened again.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { withoutWaiting } from '../../../core/node/open-flags.ts';
import type { Output, OutputContext } from './output.ts';

/** Milliseconds between two writes to a full pipe: a pipe has 64 KiB, which a busy reader reads at once. */
const [shortestPauseMs, longestPauseMs] = [1, 50];
/** How long the exporter waits for the reader when it ends: the service has 5 s in all. */
const lastMs = 1_500;
const unread = 'no program reads this pipe';

export function createPipe(path: string, isPipe: boolean, context: OutputContext): Output {
  let handle: FileHandle | undefined;
  let pauseMs = shortestPauseMs;
  let endBy = Number.POSITIVE_INFINITY;

  async function opened(): Promise<FileHandle> {
    handle ??= await open(path, constants.O_WRONLY | withoutWaiting).catch((error: NodeJS.ErrnoException) => {
      throw isPipe && error.code === 'ENXIO' ? new Error(unread) : error;
    });
    return handle;
  }

  async function close(): Promise<void> {
    const last = handle;
    handle = undefined;
    await last?.close();
  }

  async function failed(error: NodeJS.ErrnoException): Promise<number> {
    if (error.code === 'EAGAIN' && performance.now() < endBy) {
      await sleep(pauseMs);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      return 0;
    }
    if (error.code === 'EAGAIN') throw new Error('its reader takes too long');
    if (error.code !== 'EPIPE') throw error;
    await close();
    throw new Error(unread);
  }

  return Object.freeze({
    async start() {
      await opened().catch((error: Error) => {
        if (error.message !== unread) throw error;
        context.warn(`${path}: ${unread} yet, so senders are asked to send again. Fix: read it`);
      });
    },
    most: Number.POSITIVE_INFINITY,
    restarts: true,
    left: () => (handle === undefined ? 0 : Number.POSITIVE_INFINITY),
    prepare: async () => void (await opened()),
    async write(bytes: Uint8Array, from: number) {
      const open = await opened();
      try {
        const { bytesWritten } = await open.write(bytes, from);
        pauseMs = shortestPauseMs;
        return bytesWritten;
      } catch (error) {
        return failed(error as NodeJS.ErrnoException);
      }
    },
    // What a reader has is not to be had back.
    async cut() {},
    hurry() {
      endBy = Math.min(endBy, performance.now() + lastMs);
    },
    close,
  });
}
