/** What renderers hold while they write and from one exposition to the next. Renderers of one store may share it. */
import type { KeptBytes } from './bytes/kept-bytes.ts';
import { createSpareBytes, type SpareBytes } from './bytes/spare-bytes.ts';
import type { Page } from './page.ts';

export interface RenderMemory {
  /**
   * Bytes of expositions under way, of what is reserved, of bodies that were not released, of the body that is kept for the next
   * one, and of lines that are kept.
   */
  readonly bytes: number;
  /** Bytes of bodies that were not released. */
  readonly handed: number;
  readonly room: KeptBytes;
  readonly spare: SpareBytes;
  /** Counts what expositions are to become, ahead of their bytes, until what this returns is called. */
  reserve(bytes: number): () => void;
  /** An exposition is under way, until what this returns is called. */
  begin(page: Page): () => void;
  /** A body is its reader's, until what this returns is called, or the garbage collector has it. */
  hand(body: Uint8Array<ArrayBuffer>): () => void;
}

/** Smaller bodies are not worth counting. */
const leastCounted = 1_048_576;
const defaultKeptBytes = 16 * 1_048_576;

/**
 * @param keptBytes of lines that are kept, which are written faster than those that are made from labels again. Default: 16 MiB.
 */
export function createRenderMemory(keptBytes = defaultKeptBytes): RenderMemory {
  const room = { left: keptBytes };
  const spare = createSpareBytes();
  const pages = new Set<Page>();
  let [handed, reserved] = [0, 0];
  const forgotten = new FinalizationRegistry((bytes: number) => {
    handed -= bytes;
  });

  return Object.freeze<RenderMemory>({
    room,
    spare,
    get bytes() {
      let written = spare.bytes;
      for (const page of pages) written += page.total();
      return keptBytes - room.left + handed + Math.max(written, reserved);
    },
    get handed() {
      return handed;
    },
    reserve(bytes) {
      reserved += bytes;
      return () => {
        reserved -= bytes;
      };
    },
    begin(page) {
      pages.add(page);
      return () => void pages.delete(page);
    },
    hand({ buffer }) {
      const bytes = buffer.byteLength;
      if (bytes < leastCounted) return () => {};
      const token = {};
      handed += bytes;
      forgotten.register(buffer, bytes, token);
      return () => {
        if (forgotten.unregister(token)) handed -= bytes;
      };
    },
  });
}
