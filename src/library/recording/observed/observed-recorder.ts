/** Attaches callbacks: the recorder of one observed metric, and `observeTogether` for several. */
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { fromCaller } from '../../../core/errors/from-caller.ts';
import { checkOptions, must, type OptionRules } from '../../../core/errors/option-rules.ts';
import type { ObserveOptions } from '../recorder-types.ts';
import { type Callback as GroupCallback, isPromise } from './callback-run.ts';
import type { ObserveGroup, Pace } from './observe-group.ts';
import { forget, type Observed, wrongShape } from './observed.ts';
import { observerOf, removeObserver, setObserver } from './observers.ts';

export type AddGroup = (group: ObserveGroup) => () => void;
type Callback = (observation: object, signal: AbortSignal) => unknown;

/** The observed metric behind each recorder. */
const behind = new WeakMap<object, Observed>();

export function createObservedRecorder(one: Observed, addGroup: AddGroup): object {
  const { metric } = one;
  const hasLabels = Object.keys(metric.labels).length > 0;
  function observe(callback: Callback): () => void {
    return fromCaller(observe, () => {
      mustBeFunction(callback, `${metric.series}: observe`);
      return attach([one], addGroup, (put, signal) => {
        let some = false;
        const set = (value: unknown, labels?: unknown): void => {
          some = true;
          put(one, value, labels);
        };
        const take = (value: unknown): void => {
          if (value === undefined) return;
          if (!hasLabels) put(one, value, undefined);
          else if (!some) throw unreported(metric.series, value);
        };
        const returned = callback({ set }, signal);
        return isPromise(returned) ? returned.then(take) : take(returned);
      });
    });
  }

  const recorder = Object.freeze({ observe });
  behind.set(recorder, one);
  return recorder;
}

/** @throws OBSERVE_MISUSE naming each target that is not an observed metric of this process, or that already has a callback. */
export function observeTogether(
  targets: readonly object[],
  addGroup: AddGroup,
  callback: Callback,
  options: ObserveOptions = {},
): () => void {
  if (!Array.isArray(targets))
    throw wrongShape('bridge.observe', targets, 'it takes a list of metrics', 'write [metrics.a, metrics.b]');
  checkOptions('OBSERVE_MISUSE', options, 'bridge.observe', rules);
  const { atMostEveryMs } = options;
  const members = targets.map((target, at) => observedOf(target, `bridge.observe: target ${at}`));
  mustBeFunction(callback, 'bridge.observe');
  const pace = atMostEveryMs === undefined ? undefined : { atMostEveryMs, beganMs: undefined };
  const run: GroupCallback['run'] = (put, signal) => {
    let some = false;
    const set = (target: object, value: unknown, labels?: unknown): void => {
      some = true;
      put(observedOf(target, 'observation.set'), value, labels);
    };
    const take = (value: unknown): void => {
      if (value !== undefined && !some) throw unreported('bridge.observe', value);
    };
    const returned = callback({ set }, signal);
    return isPromise(returned) ? returned.then(take) : take(returned);
  };
  return attach(members, addGroup, run, pace);
}

/**
 * Attaches the only callback of its members. Outside production it replaces an earlier one, which a hot reload has left behind.
 */
function attach(members: readonly Observed[], addGroup: AddGroup, run: GroupCallback['run'], pace?: Pace): () => void {
  for (const member of members) handOver(member);
  const problems = members
    .filter((member) => observerOf(member) !== undefined)
    .map((member) => ({
      at: member.metric.series,
      got: observerOf(member)?.by === 'api' ? 'a callback beside one of the OpenTelemetry API' : 'a second callback',
      rule: 'an observed metric has one callback, so that what it does not observe is known to be gone',
      fix: 'detach the first by calling what observe() returned, or report both from one callback',
    }));
  if (problems.length > 0) throw new MeterbridgeError('OBSERVE_MISUSE', problems);
  const callback: GroupCallback = { of: [...new Set(members)], run };
  const group: ObserveGroup = {
    members: new Set(members),
    callbacks: new Set([callback]),
    ...(pace === undefined ? {} : { pace }),
  };
  const leave = addGroup(group);
  function detach(): void {
    // Detached before: another callback may observe them now.
    if (!group.callbacks.delete(callback)) return;
    leave();
    removeObserver(group.members);
    for (const member of group.members) forget(member);
  }
  setObserver(members, { by: 'recorder', group, detach });
  return detach;
}

function handOver(member: Observed): void {
  const earlier = observerOf(member);
  if (member.handOver === undefined || earlier?.by !== 'recorder') return;
  earlier.detach();
  member.handOver(
    `${member.metric.series}: a callback replaces the earlier one, as after a hot reload; in production this is OBSERVE_MISUSE. ` +
      'Fix, if no module was reloaded: report both from one callback.',
  );
}

function observedOf(target: object, at: string): Observed {
  const one = typeof target === 'object' && target !== null ? behind.get(target) : undefined;
  if (one !== undefined) return one;
  const rule = 'only metrics declared with `observed: true` are observed';
  const fix = 'declare it with `observed: true`, or record it by a call';
  throw new MeterbridgeError('OBSERVE_MISUSE', [{ at, got: 'something that is not an observed metric', rule, fix }]);
}

/** What a callback returns is no value of its metrics; with a series set, it may be the result of a `map`. */
function unreported(at: string, value: unknown): MeterbridgeError {
  return wrongShape(
    `${at}: a callback's result`,
    value,
    'the callback sets each series by its labels',
    'call set(value, labels) of its first argument',
  );
}

function mustBeFunction(callback: unknown, at: string): void {
  if (typeof callback === 'function') return;
  const rule = 'a callback is a function';
  throw new MeterbridgeError('OBSERVE_MISUSE', [
    { at, got: typeof callback, rule, fix: 'pass a function that reports the values' },
  ]);
}

const rules: OptionRules<ObserveOptions> = {
  atMostEveryMs: must(
    (value) => Number.isFinite(value) && (value as number) > 0,
    'it is a positive number of milliseconds',
    'give e.g. 15000, or leave it out to run the callback at each collection',
  ),
};
