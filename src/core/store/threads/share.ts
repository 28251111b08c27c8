/**
 * What a store sends to another thread, so that it can walk the same memory (`remote-view.ts`): its families, their buffers, and
 * what replaces them. They go as messages, because a buffer reaches another thread no other way, and at once, so that they arrive
 * even when the event loop of the posting thread never turns again.
 */
import type { ColumnBuffers } from '../cells/columns.ts';
import type { StoreFamily } from '../family.ts';
import type { FamilySpec, SourceSpec } from '../store.ts';

export interface SharedBuffers extends ColumnBuffers {
  readonly arena: Uint8Array;
}

export type ShareMessage =
  /** In `taken` the reader counts the messages that it has received: what they replace, it does not read any more. */
  | { readonly type: 'walks'; readonly word: Int32Array; readonly taken: Int32Array }
  | {
      readonly type: 'family';
      readonly id: number;
      readonly group: number;
      readonly spec: FamilySpec;
      readonly source: SourceSpec;
      readonly buffers: SharedBuffers;
      readonly layout: number;
    }
  /** Columns or arena of a family have grown: its buffers from that `layout` on. */
  | { readonly type: 'grown'; readonly id: number; readonly buffers: SharedBuffers; readonly layout: number }
  /** A family has another help. */
  | { readonly type: 'described'; readonly id: number; readonly spec: FamilySpec }
  | { readonly type: 'closed'; readonly ids: readonly number[] };

export function buffersOf({ rows: { columns, arena } }: StoreFamily): SharedBuffers {
  const { cells, starts, generations, takenInWalk, labelsAt, control, goodAt } = columns;
  return { cells, starts, generations, takenInWalk, labelsAt, control, goodAt, arena: arena.bytes };
}
