/** A series of a metric, and the key under which its label values are found. */
import type { Row } from '../store/store.ts';

export interface Series {
  /** Label values in the contract's order. */
  readonly values: readonly string[];
  /** Of no meaning once it has its row, which knows it. */
  readonly startMs: number;
  /** Its canonical attribute bytes, where it is not a contract's labels that say them. */
  readonly identity?: Uint8Array;
  /** Somebody keeps this object, so it stands in the index in place of its row. */
  held: boolean;
  /** False once removed. */
  live: boolean;
  /** Its row in the store, which it has from when it is shown until it is dropped; 0 otherwise. */
  row: Row;
}

/** Tells series apart, also from one that went. Lengths keep `['a','bc']` and `['ab','c']` apart. */
export function seriesKey({ identity, values }: Series): string {
  if (identity !== undefined) return latin1(identity);
  let key = '';
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}

/** Bytes as text, one character each. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
