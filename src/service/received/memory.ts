/** Whether there is memory for more: the free memory is queried once a batch, and what is held is a running figure. */

/** Why something new is rejected, as it is counted. */
export type RefusedReason = Limited | 'no_room';
/** A limit that is reached, which is reported. */
export type Limited =
  | 'series_limit'
  | 'resource_series_limit'
  | 'resource_limit'
  | 'label_bytes'
  | 'resource_label_bytes'
  | 'memory_limit';

/** What is held: bytes of objects and strings, and bytes of buffers. */
export interface ReceivedMemory {
  readonly heap: number;
  readonly buffers: number;
}

/** Bytes that are still free: in all, and of the heap. */
export interface Room {
  readonly bytes: number;
  readonly heap: number;
}

export const unlimited: Room = Object.freeze({ bytes: Number.POSITIVE_INFINITY, heap: Number.POSITIVE_INFINITY });

/** A class, because it is called once a new series. */
export class Memory {
  private readonly held: ReceivedMemory;
  private readonly room: () => Room;
  private readonly spare: () => boolean;
  private most: Room = unlimited;
  /** For rows that the second pass will make. */
  private reserved = 0;

  /** @param spare gives some of what is held in buffers back; false: there is nothing more to spare */
  constructor(held: ReceivedMemory, room: () => Room, spare: () => boolean) {
    this.held = held;
    this.room = room;
    this.spare = spare;
    this.full = this.full.bind(this);
  }

  /** A batch begins. */
  begin(): void {
    const { bytes, heap } = this.room();
    const { held } = this;
    this.reserved = 0;
    this.most = { bytes: held.heap + held.buffers + bytes, heap: held.heap + heap };
  }

  /** Reserves memory in buffers, until `make`. False: there is none. */
  reserve(buffers: number): boolean {
    if (this.full(0, buffers)) return false;
    this.reserved += buffers;
    return true;
  }

  /** What was reserved is being made. */
  make(): void {
    this.reserved = 0;
  }

  /** Whether so much more does not fit, also once all is given back that can be spared. */
  full(heap: number, buffers: number): boolean {
    const { held, most, reserved } = this;
    const onHeap = held.heap + heap;
    if (onHeap > most.heap) return true;
    while (onHeap + held.buffers + reserved + buffers > most.bytes) if (!this.spare()) return true;
    return false;
  }
}
