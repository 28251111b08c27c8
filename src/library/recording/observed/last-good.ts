/**
 * What a callback that shares a metric with others has observed in its last good run. While it fails, this stands beside what the
 * others observe: a run replaces all values of a metric, and what the failing callback would have observed is unknown, not gone.
 * A callback that has its metrics to itself needs none of this: their rows stay as they are.
 */
import type { Observation } from './observed-value.ts';

interface Kept {
  readonly observations: readonly Observation[];
  readonly atMs: number;
}

/** By metric and callback. */
const kept = new WeakMap<object, WeakMap<object, Kept>>();

export function keepGood(metric: object, callback: object, observations: readonly Observation[], atMs: number): void {
  const byCallback = kept.get(metric) ?? new WeakMap<object, Kept>();
  kept.set(metric, byCallback.set(callback, { observations, atMs }));
}

/** Nothing, if the run is longer ago than `maxAgeMs`. */
export function lastGood(metric: object, callback: object, nowMs: number, maxAgeMs: number): readonly Observation[] {
  const one = kept.get(metric)?.get(callback);
  return one === undefined || nowMs - one.atMs > maxAgeMs ? [] : one.observations;
}

export function forgetGood(metric: object): void {
  kept.delete(metric);
}
