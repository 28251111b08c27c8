/**
 * What observes a metric: one callback of its recorder, or any number through the OpenTelemetry API. Never both: each run
 * replaces the metric's values, so the two would overwrite each other.
 */
import type { ObserveGroup } from './observe-group.ts';
import type { Observed } from './observed.ts';

export interface Observer {
  readonly by: 'recorder' | 'api';
  readonly group: ObserveGroup;
  /** Detaches the whole group. */
  readonly detach: () => void;
}

const observers = new WeakMap<Observed, Observer>();

export function observerOf(one: Observed): Observer | undefined {
  return observers.get(one);
}

export function setObserver(members: Iterable<Observed>, observer: Observer): void {
  for (const member of members) observers.set(member, observer);
}

export function removeObserver(members: Iterable<Observed>): void {
  for (const member of members) observers.delete(member);
}

/** Takes a metric that has ended out of its group, whose callback goes on for the other members. */
export function endObserved(one: Observed): void {
  const observer = observers.get(one);
  one.series.close();
  if (observer === undefined) return;
  if (observer.group.members.size === 1) observer.detach();
  else observer.group.members.delete(one);
  observers.delete(one);
}
