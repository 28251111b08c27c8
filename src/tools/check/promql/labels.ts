/** The labels of a selector: edits of its matchers, and what is left for what is around it. */
import type { Mapping } from '../diff/change.ts';
import { listedValues, type SeenLabel } from '../diff/label-set.ts';
import { isNewLabel, noteLabel, noteMatcher } from './already.ts';
import { beyond, broken, type Context, isOpaque } from './context.ts';
import { labelOf, labelsSeen } from './family.ts';
import type { Relation } from './relation.ts';
import type { Matcher, Selector, Span } from './syntax/ast.ts';
import { labelText, quote } from './syntax/strings.ts';
import { type ChangedSet, newValues, selects, translate } from './values.ts';

export type LabelRelation = Pick<Relation, 'renames' | 'values' | 'splits' | 'only' | 'added' | 'removed'>;

interface Building {
  readonly renames: Map<string, string>;
  readonly values: Map<string, Map<string, string>>;
  readonly splits: Map<string, Map<string, readonly string[]>>;
  readonly only: Map<string, string>;
  readonly added: Set<string>;
  readonly removed: Set<string>;
}

export function labelsOf(context: Context, selector: Selector, mapping: Mapping): LabelRelation {
  const building: Building = {
    renames: new Map(),
    values: new Map(),
    splits: new Map(),
    only: new Map(),
    added: new Set(),
    removed: new Set(),
  };
  const { from, to, labels } = mapping;
  if (to === undefined) return building;
  collisions(context, selector, mapping);
  for (const [old, name] of labels) {
    const own = selector.matchers.filter(({ label }) => label.name === old);
    const noted = { part: 'label', impact: 'breaking', series: [from.series], label: old } as const;
    if (name === undefined) {
      for (const matcher of own) droppable(context, selector, matcher, labelOf(from, old), mapping);
      building.removed.add(old);
      continue;
    }
    if (name !== old) {
      building.renames.set(old, name);
      for (const { label } of own) {
        broken(context, label, noted, `the label ${old} of ${from.series} is now ${name}`);
        context.edits.replace(label, labelText(name));
      }
    }
    valuesOf(context, selector, { old, own, mapping, now: labelOf(to, name) }, building);
  }
  const known = new Set(labels.values());
  for (const label of labelsSeen(to).keys()) if (!known.has(label)) building.added.add(label);
  return building;
}

/** A new label of a name that was something else in the expression. */
function collisions(context: Context, selector: Selector, mapping: Mapping): void {
  const { from, to, labels } = mapping;
  const names = new Set([...labels].filter(([old, name]) => old !== name).map(([, name]) => name));
  const series = [from.series];
  for (const old of labels.keys())
    if (names.has(old))
      beyond(
        context,
        selector,
        'label-collides',
        { part: 'label', impact: 'breaking', series, label: old },
        `the label ${old} of ${from.series} is now another one's name`,
      );
  for (const { label } of selector.matchers)
    if (isNewLabel(mapping, label.name) && !noteLabel(context, label, [mapping], label.name))
      beyond(
        context,
        label,
        'label-collides',
        { part: 'label', impact: 'risky', series, label: label.name },
        `${from.series} had no label ${label.name}, and ${to?.series} has one`,
      );
}

/** A matcher of a label that is gone is only taken away where every series passed it. */
function droppable(
  context: Context,
  selector: Selector,
  matcher: Matcher,
  label: SeenLabel | undefined,
  { from }: Mapping,
): void {
  const { op, value } = matcher;
  const noted = { part: 'label', impact: 'breaking', series: [from.series], label: matcher.label.name, value } as const;
  const message = `the label ${matcher.label.name} of ${from.series} is removed`;
  const test = isOpaque(context, matcher.valueAt) ? undefined : selects(matcher);
  // The value of a constant label is a deployment's, and another one may have another.
  const everything = (op === '=~' && (value === '.*' || value === '.+')) || (op === '!=' && value === '');
  const passesEmpty = test?.('') === true;
  const may =
    label?.kind === 'closed' ? test !== undefined && label.values.every(test) : everything && (!mayLack(label) || passesEmpty);
  if (!may) beyond(context, matcher, 'label-removed', noted, `${message}, and series cannot be selected by it`);
  // What passes the empty value passes a series without the label.
  if (!may || passesEmpty) return;
  broken(context, matcher, noted, message);
  context.edits.replace(withComma(context.text, matcher, selector), '');
}

const mayLack = (label: SeenLabel | undefined) => (label?.kind === 'capped' || label?.kind === 'identity') && label.optional;

const comma = /\s*,\s*/y;

function withComma(text: string, { from, to }: Span, selector: Selector): Span {
  comma.lastIndex = to;
  const after = comma.exec(text);
  if (after !== null) return { from, to: to + after[0].length };
  let before = from;
  while (before > selector.from && /\s/.test(text[before - 1] ?? '')) before -= 1;
  return { from: text[before - 1] === ',' ? before - 1 : from, to };
}

interface OneLabel {
  readonly old: string;
  readonly own: readonly Matcher[];
  readonly mapping: Mapping;
  readonly now: SeenLabel | undefined;
}

function valuesOf(context: Context, selector: Selector, { old, own, mapping, now }: OneLabel, building: Building): void {
  const { from, values } = mapping;
  const changed = values.get(old);
  const label = labelOf(from, old);
  const listed = label && listedValues(label);
  if (changed === undefined || changed.size === 0 || listed === undefined) return;
  const set: ChangedSet = { old: listed, now: now && listedValues(now), changed };
  const selected = own.reduce<readonly string[]>((rest, matcher) => rest.filter(matched(context, matcher, set, mapping)), listed);
  const noted = { part: 'value', impact: 'breaking', series: [from.series], label: old } as const;
  const [first] = selected;
  if (first !== undefined && selected.length === 1) building.only.set(old, first);
  // Old values of which one new value is made.
  const sources = (value: string) => listed.filter((each) => newValues(set, each).includes(value));
  for (const value of selected) {
    const news = newValues(set, value);
    const [one] = news;
    if (one === undefined) {
      beyond(
        context,
        selector,
        'value-removed',
        { ...noted, value },
        `the value ${value} of the label ${old} of ${from.series} is removed`,
      );
    } else if (news.some((each) => sources(each).length > 1)) building.removed.add(old);
    else if (news.some((each) => each !== value && changed.has(each)))
      beyond(
        context,
        selector,
        'label-collides',
        { ...noted, value },
        `the value ${value} of the label ${old} of ${from.series} is now called as another one was`,
      );
    else if (news.length > 1) put(building.splits, old, value, news);
    else if (one !== value) put(building.values, old, value, one);
  }
}

function put<V>(all: Map<string, Map<string, V>>, label: string, value: string, to: V): void {
  const inner = all.get(label) ?? new Map<string, V>();
  all.set(label, inner.set(value, to));
}

/** Mends a matcher; which old values it selects. */
function matched(context: Context, matcher: Matcher, set: ChangedSet, mapping: Mapping): (value: string) => boolean {
  const { label, op, opAt, value, valueAt } = matcher;
  const { series } = mapping.from;
  const noted = { part: 'value', impact: 'breaking', series: [series], label: label.name, value } as const;
  const all = () => true;
  if (isOpaque(context, valueAt)) {
    beyond(
      context,
      matcher,
      'variable',
      { ...noted, impact: 'risky' },
      `values of the label ${label.name} of ${series} are others, and a variable selects them`,
    );
    return all;
  }
  const test = selects(matcher) ?? all;
  const translated = translate(matcher, set);
  if (translated === 'same' || noteMatcher(context, matcher, mapping)) return test;
  const message = `values of the label ${label.name} of ${series} are others than ${op}${JSON.stringify(value)} selects`;
  if (translated === undefined) {
    const merged = set.old.some((each) => test(each) && newValues(set, each).length > 0);
    beyond(context, matcher, merged ? 'values-merged' : 'value-removed', noted, message);
    return test;
  }
  broken(context, matcher, noted, message);
  if (translated.op !== op) context.edits.replace(opAt, translated.op);
  const source = context.text.slice(valueAt.from, valueAt.to);
  context.edits.replace(valueAt, quote(translated.value, source));
  return test;
}
