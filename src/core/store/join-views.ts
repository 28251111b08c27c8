import type { Cursor, View, Visitor } from './store.ts';

/** Two views as one, the families of `first` ahead. Those of `second` have ids from `secondId` on (`StoreOptions.firstId`). */
export function joinViews(first: View, second: View, secondId: number): View {
  return Object.freeze({
    walk(visitor: Visitor, from?: Cursor, cells?: number): Cursor | undefined {
      const inFirst = from === undefined || from.family < secondId;
      const next = inFirst ? first.walk(visitor, from, cells) : from;
      if (next !== undefined && inFirst) return next;
      return second.walk(visitor, next, cells);
    },
  });
}
