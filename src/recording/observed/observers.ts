/**
 * What observes a metric: one callback of its recorder, or any number through the OpenTelemetry API. Never both: each run replaces the
 * metric's values, so the two would overwrite each other.
 */
import type { Observed } from './observed.ts';

export type Observer = 'recorder' | 'api';

const observers = new WeakMap<Observed, Observer>();

export function observerOf(one: Observed): Observer | undefined {
  return observers.get(one);
}

export function setObserver(members: Iterable<Observed>, by: Observer): void {
  for (const member of members) observers.set(member, by);
}

export function removeObserver(members: Iterable<Observed>): void {
  for (const member of members) observers.delete(member);
}
