/**
 * Callbacks of the OpenTelemetry API on a contract's metrics: any number per metric, and batch callbacks on several. Metrics that
 * share a callback are observed together, because each run replaces all values of a metric.
 */

import type { Callback } from '../observed/callback-run.ts';
import type { ObserveGroup } from '../observed/observe-group.ts';
import { forget, type Observed } from '../observed/observed.ts';
import type { AddGroup } from '../observed/observed-recorder.ts';
import { observerOf, removeObserver, setObserver } from '../observed/observers.ts';
import { warn } from './api.ts';

/** Returns a function that detaches the callback. */
export type AttachCallback = (members: readonly Observed[], run: Callback['run']) => () => void;

interface MetricBinding {
  readonly group: ObserveGroup;
  readonly leave: () => void;
}

export function createApiCallbacks(addGroup: AddGroup): AttachCallback {
  const groupOf = new Map<Observed, MetricBinding>();

  function join(members: readonly Observed[]): MetricBinding {
    const group: ObserveGroup = { members: new Set(members), callbacks: new Set() };
    const former = new Set(members.flatMap((member) => groupOf.get(member) ?? []));
    if (former.size === 1) {
      const [only] = former as Set<MetricBinding>;
      if (only !== undefined && members.every((member) => only.group.members.has(member))) return only;
    }
    for (const { group: old, leave } of former) {
      for (const member of old.members) group.members.add(member);
      for (const callback of old.callbacks) group.callbacks.add(callback);
      old.callbacks.clear();
      leave();
    }
    const joined: MetricBinding = { group, leave: addGroup(group) };
    for (const member of group.members) groupOf.set(member, joined);
    setObserver(group.members, { by: 'api', group, detach: () => detach(joined) });
    return joined;
  }

  function detach({ group, leave }: MetricBinding): void {
    group.callbacks.clear();
    leave();
    removeObserver(group.members);
    for (const member of group.members) {
      groupOf.delete(member);
      forget(member);
    }
  }

  return (members, run) => {
    const free = members.filter(isFree);
    const [first] = free;
    if (first === undefined) return () => {};
    const callback: Callback = { of: [...new Set(free)], run };
    join(free).group.callbacks.add(callback);
    return () => {
      const binding = groupOf.get(first);
      if (binding?.group.callbacks.delete(callback) === true && binding.group.callbacks.size === 0) detach(binding);
    };
  };
}

function isFree(one: Observed): boolean {
  if (observerOf(one)?.by !== 'recorder') return true;
  warn(
    `${one.metric.instrument}: its recorder has a callback already, so one of the OpenTelemetry API is not called for it. Fix: keep one of the two.`,
  );
  return false;
}
