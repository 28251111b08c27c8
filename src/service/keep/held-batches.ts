/**
 * Memory for batches on their way through the log, which is reused: new memory costs a page fault for every 4 KB, and collections
 * of garbage.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { viewOf } from '../../formats/otlp/wire/same-bytes.ts';

export interface HeldBatch {
  /** A record: room for its head, then the request. */
  readonly payload: Uint8Array;
  readonly batch: Batch;
  /** Nothing reads it any more. */
  release(): void;
}

export interface HeldBatches {
  /** A copy, whatever its owner does with its memory. @param head bytes ahead of the request */
  hold(batch: Batch, head: number): HeldBatch;
}

interface Memory {
  readonly bytes: Uint8Array;
  readonly index: Int32Array;
}

/** 16 KiB. */
const smallest = 16_384;
const intBytes = 4;
/** Bytes that are kept: 32 MiB. */
const most = 33_554_432;

export function createHeldBatches(): HeldBatches {
  /** By the logarithms of its two sizes. */
  const free = new Map<number, Memory[]>();
  let kept = 0;

  function keyOf(bytes: number, ints: number): number {
    return 64 * Math.ceil(Math.log2(Math.max(bytes, smallest))) + Math.ceil(Math.log2(Math.max(ints, smallest / intBytes)));
  }

  function take(key: number): Memory {
    const found = free.get(key)?.pop();
    if (found === undefined) return { bytes: new Uint8Array(2 ** Math.floor(key / 64)), index: new Int32Array(2 ** (key % 64)) };
    kept -= sizeOf(found);
    return found;
  }

  function give(key: number, memory: Memory): void {
    if (kept + sizeOf(memory) > most) return;
    kept += sizeOf(memory);
    const list = free.get(key);
    if (list === undefined) free.set(key, [memory]);
    else list.push(memory);
  }

  return Object.freeze({
    hold(batch: Batch, head: number) {
      const { bytes, length } = batch;
      const key = keyOf(head + bytes.length, length);
      const memory = take(key);
      const payload = memory.bytes.subarray(0, head + bytes.length);
      payload.set(bytes, head);
      memory.index.set(length === batch.index.length ? batch.index : batch.index.subarray(0, length));
      const own = payload.subarray(head);
      return {
        payload,
        batch: { ...batch, bytes: own, view: viewOf(own), index: memory.index },
        release: () => give(key, memory),
      };
    },
  });
}

function sizeOf({ bytes, index }: Memory): number {
  return bytes.length + index.byteLength;
}
