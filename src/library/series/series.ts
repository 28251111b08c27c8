/** A series of a metric, and the key under which its label values are found. */
import { latin1 } from '../../core/node/latin1.ts';
import type { Row } from '../../core/store/store.ts';

export interface Series {
  /** Label values in the contract's order. */
  readonly values: readonly string[];
  /** Its canonical attribute bytes, unless a contract's labels give them. */
  readonly identity?: Uint8Array;
  /** A caller keeps this object, so the index holds it instead of its row. */
  held: boolean;
  /** False once removed. */
  live: boolean;
  /** Its row in the store, from the first exposition until it is dropped; 0 otherwise. */
  row: Row;
}

/** Identifies a series, also after its removal. Lengths distinguish `['a','bc']` from `['ab','c']`. */
export function seriesKey({ identity, values }: Series): string {
  if (identity !== undefined) return latin1(identity);
  let key = '';
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}
