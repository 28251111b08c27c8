/** The bytes of what is on disk, and its end. */
import { DamagedRecord } from '../../storage/log/errors.ts';
import { type Entry, type Loaded, letGo } from '../entry.ts';

export interface Read {
  readonly loaded: readonly Loaded[];
  /** What is on disk is not what was written. */
  readonly damaged: readonly { readonly entry: Entry; readonly why: string }[];
}

export function areLoaded(entries: readonly Entry[]): entries is readonly Loaded[] {
  return entries.every(({ bytes }) => bytes !== undefined);
}

/** @throws Error of the system */
export async function load(entries: readonly Entry[]): Promise<Read> {
  const read = await Promise.all(entries.map(readOne));
  return {
    loaded: read.flatMap((one) => ('why' in one ? [] : [one])),
    damaged: read.flatMap((one) => ('why' in one ? [one] : [])),
  };
}

async function readOne(entry: Entry): Promise<Loaded | Read['damaged'][number]> {
  const { bytes, stored } = entry;
  if (bytes !== undefined || stored === undefined) return { ...entry, bytes: bytes ?? new Uint8Array() };
  try {
    return { ...entry, bytes: await stored.log.read(stored.record) };
  } catch (error) {
    if (error instanceof DamagedRecord) return { entry, why: error.message };
    throw error;
  }
}

/** What is sent or dropped: nothing of it is needed any more, neither in memory nor on disk. */
export function finish(entry: Entry): void {
  entry.stored?.log.done(entry.stored.record);
  letGo(entry);
}
