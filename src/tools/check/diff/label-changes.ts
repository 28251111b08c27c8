/** Labels that were added, removed, renamed, or are bounded in another way. */
import type { Metric } from '../../../core/contract/index.ts';
import type { ImpactRuleId } from './impacts.ts';
import { type LabelOfMetric, type LabelSet, labelSet, type SeenLabel, shownLabel } from './label-set.ts';
import type { Recorder } from './recorder.ts';
import { type ValueHints, valueChanges } from './value-changes.ts';

export interface LabelOutcome {
  readonly labels: ReadonlyMap<string, string | undefined>;
  readonly values: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

/**
 * @param renames old exposed name → new exposed name
 * @param hints by the old exposed name
 */
export function labelChanges(
  from: Metric,
  to: Metric,
  renames: ReadonlyMap<string, string>,
  hints: ReadonlyMap<string, ValueHints>,
  recorder: Recorder,
): LabelOutcome {
  const [old, next] = [labelSet(from), labelSet(to)];
  const labels = pairedLabels(old, next, renames);
  const values = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const before of old.values()) {
    const after = next.get(labels.get(before.name) ?? '');
    if (after === undefined) {
      recorder.add('label-removed', { at: before.at, which: before.name, label: before.name, from: before.name });
      continue;
    }
    nameChanges(before, after, recorder);
    boundChanges(before, after, recorder);
    const mapped = valueChanges(before, after, hints.get(before.name) ?? new Map(), recorder);
    if (mapped.size > 0) values.set(before.name, mapped);
  }
  const kept = new Set(labels.values());
  for (const label of next.values()) {
    if (kept.has(label.name)) continue;
    const to = `${label.name} (${shownLabel(label.label)})`;
    recorder.add('label-added', { at: label.at, which: label.name, label: label.name, to });
  }
  orderChange(old, next, labels, recorder);
  return { labels, values };
}

/** A hint goes first: a label of the old name in the new contract is another one, then. */
function pairedLabels(
  old: LabelSet,
  next: LabelSet,
  renames: ReadonlyMap<string, string>,
): ReadonlyMap<string, string | undefined> {
  const taken = new Set(renames.values());
  const pairs = new Map<string, string | undefined>();
  for (const name of old.keys()) {
    const kept = next.has(name) && !taken.has(name) ? name : undefined;
    pairs.set(name, renames.get(name) ?? kept);
  }
  return pairs;
}

function nameChanges(before: LabelOfMetric, after: LabelOfMetric, recorder: Recorder): void {
  const facts = { at: after.at, which: before.name, label: before.name, from: before.declared, to: after.declared };
  if (before.name !== after.name) recorder.add('label-renamed', facts);
  else if (before.declared !== after.declared) recorder.add('label-respelled', facts);
}

function boundChanges(before: LabelOfMetric, after: LabelOfMetric, recorder: Recorder): void {
  const [old, next] = [before.label, after.label];
  const place = { which: before.name, label: before.name };
  const rule = kindRule(old, next);
  if (rule !== undefined) recorder.add(rule, { ...place, at: after.at, from: shownLabel(old), to: shownLabel(next) });
  if (!isLimited(old) || !isLimited(next)) return;
  const [limits, bytes] = [
    [old.limit, next.limit],
    [old.maxBytes, next.maxBytes],
  ] as const;
  if (limits[0] !== limits[1]) {
    const lowered = limits[1] < limits[0];
    recorder.add(lowered ? 'limit-lowered' : 'limit-raised', numbers(place, `${after.at}.limit`, limits));
  }
  if (bytes[0] !== bytes[1]) {
    const lowered = bytes[1] < bytes[0];
    recorder.add(lowered ? 'max-bytes-lowered' : 'max-bytes-raised', numbers(place, `${after.at}.maxBytes`, bytes));
  }
  if (old.optional === next.optional) return;
  const spelled = { from: String(old.optional), to: String(next.optional) };
  recorder.add(next.optional ? 'label-optional' : 'label-required', { ...place, at: `${after.at}.optional`, ...spelled });
}

function numbers(place: { readonly which: string; readonly label: string }, at: string, [from, to]: readonly [number, number]) {
  return { ...place, at, from: String(from), to: String(to) };
}

function isLimited(label: SeenLabel): label is Extract<SeenLabel, { readonly kind: 'capped' | 'identity' }> {
  return label.kind === 'capped' || label.kind === 'identity';
}

/** What a label's values are bounded by; undefined: the same as before. */
function kindRule({ kind: old }: SeenLabel, { kind: next }: SeenLabel): ImpactRuleId | undefined {
  if (old === next) return undefined;
  if (next === 'constant') return old === 'closed' ? 'label-fixed' : 'label-closed';
  if (next === 'closed') return old === 'constant' ? 'label-unfixed' : 'label-closed';
  if (old === 'constant' || old === 'closed' || old === 'parameter') return 'label-opened';
  // One value on a page, of as many as there are programs.
  if (next === 'parameter') return 'label-closed';
  return next === 'capped' ? 'label-capped' : 'label-identified';
}

/** Of the labels that both have; declared and constant ones are listed apart. */
function orderChange(old: LabelSet, next: LabelSet, labels: ReadonlyMap<string, string | undefined>, recorder: Recorder): void {
  const isConstant = ({ label }: LabelOfMetric) => label.kind === 'constant' || label.kind === 'parameter';
  const declared = (set: LabelSet) => [...set.values()].filter((label) => !isConstant(label)).map(({ name }) => name);
  const after = declared(next);
  const before = declared(old).flatMap((name) => labels.get(name) ?? []);
  const [kept, now] = [before.filter((name) => after.includes(name)), after.filter((name) => before.includes(name))];
  if (kept.join() === now.join()) return;
  recorder.add('label-order', { at: 'labels', from: kept.join(', '), to: now.join(', ') });
}
