/** Bytes that arrive in chunks, put together in memory in proportion to what has arrived. */
import { giveBuffer, takeBuffer } from '../../buffers.ts';
import type { Reservation } from './room.ts';

export interface Arriving {
  /** False, and nothing is kept any more, if the total exceeds the limit. */
  add(chunk: Buffer): boolean;
  readonly length: number;
  /** Valid until `release`. */
  whole(): Uint8Array;
  /** The bytes are not needed any more. Safe to call twice. */
  release(): void;
}

/**
 * The buffer for the whole is allocated once so much of it has arrived: a sender that announces much and sends little holds
 * little.
 */
const share = 16;
const smallest = 65_536;

/** `announced`: how many bytes the sender announces; undefined: unknown. */
export function createArriving(maxBytes: number, announced: number | undefined, reservation: Reservation): Arriving {
  let bytes: Buffer | undefined;
  let length = 0;

  function room(needed: number): Buffer {
    const most = Math.max(needed, Math.min(announced ?? maxBytes, maxBytes));
    const size = announced !== undefined && needed * share >= most ? most : Math.min(most, Math.max(2 * needed, smallest));
    const larger = takeBuffer(size);
    const smaller = bytes;
    smaller?.copy(larger, 0, 0, length);
    release();
    reservation.hold(larger.length - (smaller?.length ?? 0));
    return larger;
  }
  function release(): void {
    if (bytes !== undefined) giveBuffer(bytes);
    bytes = undefined;
  }

  return {
    add(chunk: Buffer) {
      const needed = length + chunk.length;
      if (needed > maxBytes) {
        release();
        return false;
      }
      if (bytes === undefined || needed > bytes.length) bytes = room(needed);
      bytes.set(chunk, length);
      length = needed;
      return true;
    },
    get length() {
      return length;
    },
    whole: () => bytes?.subarray(0, length) ?? new Uint8Array(0),
    release,
  };
}
