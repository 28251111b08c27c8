/** A series of a metric as the recorder knows it, and the key under which its label values are found. */
import type { Attributes } from '@opentelemetry/api';
import type { Row } from '../store/store.ts';

export interface Series {
  /** Label values in the contract's order. */
  readonly values: readonly string[];
  readonly generation: number;
  /** Of no meaning once it has its row, which knows it. */
  readonly startMs: number;
  /** Its canonical attribute bytes, where it is not a contract's labels that say them. */
  readonly identity?: Uint8Array;
  /** What an instrument of the SDK is given, once it was. */
  attributes?: Attributes;
  /** A gauge's value as it was recorded last: the SDK compares times of the wall clock, and keeps the older value once that was set back. */
  last?: number;
  /** Its cells as an instrument left them that is no longer asked: what the present one says comes on top. */
  base?: Float64Array;
  /** Somebody keeps this object, so it stands in the index in place of its row. */
  held: boolean;
  /** Has it been recorded, or set to 0? Only then it is exposed. */
  shown: boolean;
  /** False once removed. */
  live: boolean;
  /** Its row in the store; 0 while it has none. */
  row: Row;
}

/**
 * Tells a series from its predecessor with the same labels: the SDK cannot forget an attribute set, so a series that comes back
 * after `remove` is another attribute set, and the old one is ignored.
 */
export const generationAttribute = 'meterbridge.generation';

/** What an instrument of the SDK is given: the labels, and the generation when there was one before. */
export function attributesOf(names: readonly string[], series: Series): Attributes {
  if (series.attributes === undefined) {
    const attributes: Record<string, string | number> = {};
    for (const [at, name] of names.entries()) attributes[name] = series.values[at] as string;
    if (series.generation > 0) attributes[generationAttribute] = series.generation;
    series.attributes = Object.freeze(attributes);
  }
  return series.attributes;
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
