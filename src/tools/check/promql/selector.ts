/** A selector: its name, its matchers, and what of the metric's change is left in what it finds. */
import type { Mapping } from '../diff/change.ts';
import { boundsOf } from './buckets.ts';
import { beyond, broken, type Context, isOpaque } from './context.ts';
import { type Family, familyOf, isAdditive, typeOf } from './family.ts';
import { labelsOf } from './labels.ts';
import { byPattern } from './name-pattern.ts';
import { type Relation, unrelated } from './relation.ts';
import type { Matcher, Selector, Span } from './syntax/ast.ts';
import { quote } from './syntax/strings.ts';

/** Without a place: who calls knows what is around the selector. */
export function selectorRelation(context: Context, selector: Selector): Relation {
  const { name } = selector;
  const none = { ...unrelated, at: selector };
  if (name === undefined) return byPattern(context, selector) ? { ...none, renamed: true } : none;
  if (isOpaque(context, name)) return none;
  const family = familyOf(context.diff, name.text);
  if (family === undefined) return none;
  const { mapping, part } = family;
  const { from, to } = mapping;
  const of = [from.series + part];
  const noted = { part: 'metric', impact: 'breaking', series: of } as const;
  if (to === undefined) {
    beyond(context, name, 'metric-removed', noted, `${from.series} is removed`);
    return none;
  }
  const renamed = from.series !== to.series;
  if (renamed && context.diff.mappings.has(to.series)) {
    const message = `${from.series} is now ${to.series}, which was another one's name`;
    beyond(context, name, 'name-collides', noted, message);
    return { ...none, of };
  }
  if (renamed) {
    broken(context, name, noted, `${from.series}${part} is now ${to.series}${part}`);
    rename(context, name, to.series + part, name.quoted);
  }
  if (!shows(context, selector, family, of)) return { ...none, of };
  const labels = labelsOf(context, selector, mapping);
  const bounds =
    part === '_bucket' ? boundsOf(context, selector, selector.matchers, mapping) : { boundScale: 1, values: new Map() };
  if (part === '' && to.kind === 'summary') quantiles(context, selector.matchers, mapping);
  const values = bounds.values.size === 0 ? labels.values : new Map([...labels.values, ['le', bounds.values]]);
  const scale = scaleOf(context, selector, family, of);
  return mergeable(context, selector, family, {
    ...none,
    ...labels,
    values,
    boundScale: bounds.boundScale,
    scale,
    merge: from.kind === 'info' ? 'max' : 'sum',
    retyped: typeOf(from) !== typeOf(to),
    renamed,
    native: from.kind === 'histogram' && part === '',
    // Series of other labels are added up in another order.
    rounded: scale !== 1 || bounds.boundScale !== 1,
    inexact: scale !== 1 || bounds.boundScale !== 1 || Object.values(labels).some(({ size }) => size > 0),
    of,
  });
}

/** An identifier becomes a quoted name in braces where the new name needs it; then there are no edits of the braces. */
function rename(context: Context, at: Span, name: string, quoted: boolean): void {
  const source = context.text.slice(at.from, at.to);
  if (quoted) context.edits.replace(at, quote(name, source));
  else if (/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) context.edits.replace(at, name);
  else if (context.text[at.to] === '{') {
    const empty = /^\{\s*\}/.test(context.text.slice(at.to, at.to + 1_000));
    context.edits.replace({ from: at.from, to: at.to + 1 }, `{${quote(name)}${empty ? '' : ', '}`);
  } else context.edits.replace(at, `{${quote(name)}}`);
}

/** Whether the new metric has such samples at all. */
function shows(context: Context, at: Span, { mapping, part }: Family, of: readonly string[]): boolean {
  const { from, to } = mapping;
  if (to === undefined) return false;
  const noted = { part: 'type', impact: 'breaking', series: of } as const;
  const compound = (kind: string) => kind === 'histogram' || kind === 'summary';
  if (typeOf(from) !== typeOf(to) && (compound(from.kind) || compound(to.kind))) {
    beyond(context, at, 'type-changed', noted, `${from.series} was a ${from.kind} and is a ${to.kind}: it has other series`);
    return false;
  }
  const lost =
    part === '_bucket'
      ? from.bounds.length > 0 && to.bounds.length === 0
      : part === '' && from.exponential !== undefined && to.exponential === undefined;
  if (lost)
    beyond(
      context,
      at,
      'type-changed',
      noted,
      `${to.series} has no ${part === '_bucket' ? 'classic' : 'exponential'} buckets any more`,
    );
  return !lost;
}

function scaleOf(context: Context, at: Span, { mapping, part }: Family, of: readonly string[]): number {
  const { from, to, factor } = mapping;
  if (part === '_count' || part === '_bucket' || from.kind === 'info') return 1;
  if (factor !== undefined && factor > 0) return factor === 1 ? 1 : 1 / factor;
  const noted = { part: 'unit', impact: 'breaking', series: of } as const;
  beyond(
    context,
    at,
    'unit-without-factor',
    noted,
    `${from.series} was in ${from.unit || 'no unit'} and is in ${to?.unit || 'no unit'}: no factor converts one into the other`,
  );
  return 1;
}

function quantiles(context: Context, matchers: readonly Matcher[], { from, to }: Mapping): void {
  for (const matcher of matchers) {
    if (matcher.label.name !== 'quantile' || matcher.op !== '=' || to?.quantiles === undefined) continue;
    const quantile = Number(matcher.value);
    if (from.quantiles?.includes(quantile) !== true || to.quantiles.includes(quantile)) continue;
    const noted = { part: 'bound', impact: 'breaking', series: [from.series], label: 'quantile', value: matcher.value } as const;
    beyond(context, matcher, 'bounds-changed', noted, `${to.series} has no quantile ${matcher.value}`);
  }
}

/** Series become one only where they add up, or are all 1. */
function mergeable(context: Context, at: Span, { mapping: { from, to }, part }: Family, relation: Relation): Relation {
  const { splits, added, removed, of } = relation;
  const labels = [...splits.keys(), ...added, ...removed];
  // A summary's quantiles do not add up.
  const adds = part === '_sum' || part === '_count' || (isAdditive(from) && (to === undefined || isAdditive(to)));
  if (labels.length === 0 || from.kind === 'info' || adds) return relation;
  const noted = { part: 'result', impact: 'breaking', series: of, label: labels.join(', ') } as const;
  beyond(context, at, 'not-additive', noted, `${of.join()}: its series by ${labels.join(', ')} do not add up to one`);
  return { ...relation, splits: new Map(), added: new Set(), removed: new Set() };
}
