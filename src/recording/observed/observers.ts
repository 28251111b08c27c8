/**
 * Who observes a metric: one callback of a recorder, or any number through the OpenTelemetry API. Never both, for each run replaces what
 * the metric holds, and they would take turns.
 */
import type { Observed } from './observed.ts';

export type Claimant = 'recorder' | 'api';

const claims = new WeakMap<Observed, Claimant>();

export function claimantOf(one: Observed): Claimant | undefined {
  return claims.get(one);
}

export function claim(members: Iterable<Observed>, by: Claimant): void {
  for (const member of members) claims.set(member, by);
}

export function unclaim(members: Iterable<Observed>): void {
  for (const member of members) claims.delete(member);
}
