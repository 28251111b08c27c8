/**
 * Values of a closed set that were added, removed, renamed, split or merged, and the value into which an excess is aggregated.
 */
import { type LabelOfMetric, listedValues, type SeenLabel } from './label-set.ts';
import type { Recorder } from './recorder.ts';

/** Old value → new values. */
export type ValueHints = ReadonlyMap<string, readonly string[]>;

/** Returns what became of the values that changed; `[]`: removed. */
export function valueChanges(before: LabelOfMetric, after: LabelOfMetric, hints: ValueHints, recorder: Recorder): ValueHints {
  const mapped = new Map<string, readonly string[]>();
  const [old, next] = [listedValues(before.label), listedValues(after.label)];
  otherChange(before, after, mapped, recorder);
  const [one, now] = constants(before.label, after.label);
  if (one !== undefined && now !== undefined && hints.size === 0) {
    if (one !== now) hinted(one, [now], before, after, false, mapped, recorder);
    return mapped;
  }
  if (old !== undefined && next !== undefined) listChanges(before, after, { old, next, hints }, mapped, recorder);
  // A set that was opened, or an open one: hints alone can say what became of a value.
  else
    for (const [value, values] of hints)
      hinted(value, values, before, after, isMerged(value, values, hints, []), mapped, recorder);
  return mapped;
}

/** The one value can have become no other. */
function constants(old: SeenLabel, next: SeenLabel): readonly (string | undefined)[] {
  return old.kind === 'constant' && next.kind === 'constant' ? [old.values[0], next.values[0]] : [];
}

interface Lists {
  readonly old: readonly string[];
  readonly next: readonly string[];
  readonly hints: ValueHints;
}

function listChanges(
  before: LabelOfMetric,
  after: LabelOfMetric,
  { old, next, hints }: Lists,
  mapped: Map<string, readonly string[]>,
  recorder: Recorder,
): void {
  const [had, has] = [new Set(old), new Set(next)];
  const kept = old.filter((value) => has.has(value) && !hints.has(value));
  for (const value of old) {
    const values = hints.get(value);
    if (values !== undefined) hinted(value, values, before, after, isMerged(value, values, hints, kept), mapped, recorder);
    else if (!has.has(value)) {
      mapped.set(value, []);
      recorder.add('value-removed', { ...facts(before, value), at: after.at, from: value });
    }
  }
  const reached = new Set([...hints.values()].flat());
  for (const value of next) {
    if (!had.has(value) && !reached.has(value)) recorder.add('value-added', { ...facts(before, value), at: after.at, to: value });
  }
  const now = next.filter((value) => kept.includes(value));
  if (kept.join('\0') !== now.join('\0')) {
    recorder.add('value-order', {
      at: after.at,
      which: before.name,
      label: before.name,
      from: kept.join(', '),
      to: now.join(', '),
    });
  }
}

function hinted(
  value: string,
  values: readonly string[],
  before: LabelOfMetric,
  after: LabelOfMetric,
  merged: boolean,
  mapped: Map<string, readonly string[]>,
  recorder: Recorder,
): void {
  mapped.set(value, values);
  const shared = { ...facts(before, value), at: after.at, from: value };
  if (values.length === 0) recorder.add('value-removed', shared);
  else if (merged) recorder.add('value-merged', { ...shared, to: values.join(', ') });
  else recorder.add(values.length === 1 ? 'value-renamed' : 'value-split', { ...shared, to: values.join(', ') });
}

/** Whether another old value leads to one of the new values, or is one that stayed. */
function isMerged(value: string, values: readonly string[], hints: ValueHints, kept: readonly string[]): boolean {
  return values.some(
    (target) =>
      (target !== value && kept.includes(target)) || [...hints].some(([other, to]) => other !== value && to.includes(target)),
  );
}

function otherChange(
  before: LabelOfMetric,
  after: LabelOfMetric,
  mapped: Map<string, readonly string[]>,
  recorder: Recorder,
): void {
  const [from, to] = [otherOf(before.label), otherOf(after.label)];
  if (from === undefined || to === undefined || from === to) return;
  mapped.set(from, [to]);
  recorder.add('other-renamed', { at: `${after.at}.other`, which: before.name, label: before.name, from, to });
}

function otherOf(label: SeenLabel): string | undefined {
  return label.kind === 'capped' || label.kind === 'identity' ? label.other : undefined;
}

function facts({ name }: LabelOfMetric, value: string) {
  return { which: `${name}=${value}`, label: name };
}
