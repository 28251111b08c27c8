/** A series of a metric as the recorder knows it, and the key under which its label values are found. */
import type { Attributes } from '@opentelemetry/api';
import type { Row } from '../store/store.ts';

export interface Series {
  readonly key: string;
  /** Label values in the contract's order. */
  readonly values: readonly string[];
  /** What the instrument is given: the labels, and the generation when there was one before. */
  readonly attributes: Attributes;
  readonly generation: number;
  readonly startMs: number;
  /** A gauge's value as it was recorded last: the SDK compares times of the wall clock, and keeps the older value once that was set back. */
  last?: number;
  /** Its cells as an instrument left them that is no longer asked: what the present one says comes on top. */
  base?: Float64Array;
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

/** Lengths keep `['a','bc']` and `['ab','c']` apart. */
export function seriesKey(values: readonly string[]): string {
  let key = '';
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}
