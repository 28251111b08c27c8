/** Why a batch does not enter a queue. */
import { fixOf, LogFull } from '../storage/log/errors.ts';

export interface Shortage {
  readonly kind: string;
  readonly why: string;
  readonly fix: string;
}

const full = (kind: string, setting: string): Shortage => ({
  kind,
  why: 'sending queue is full',
  fix: `see why it is not sent, or raise ${setting}`,
});

export const queueFull = full('queue_full', 'sending_queue.queue_size');
const storageFull = full('storage_full', 'max_size of the storage');
export const noMemory: Shortage = {
  kind: 'no_memory',
  why: 'there is no memory for more in the sending queue',
  fix: 'see why it is not sent, or raise --max-memory',
};

/** @param error of a write to disk */
export function unwritten(error: unknown): Shortage {
  if (error instanceof LogFull) return storageFull;
  const { code } = error as NodeJS.ErrnoException;
  const why = `the sending queue cannot be written to disk: ${code === 'ENOSPC' ? 'no space is left there' : String(error)}`;
  return { kind: 'not_written', why, fix: fixOf(error) };
}

/** @param hasRoom whether the disk has */
export function fullOf(hasRoom: boolean): Shortage {
  return hasRoom ? queueFull : storageFull;
}
