/** Puts a part of an expression right: what is around it sees the old values, the old labels and the old series. */
import { beyond, broken, type Context } from './context.ts';
import { isFiner, type Place, type Relation, unrelated } from './relation.ts';
import { literalPattern, quote } from './syntax/strings.ts';

/** The unit: `(x * 1000)`. */
export function settleScale(context: Context, relation: Relation): Relation {
  const { at, scale, place, native, of } = relation;
  if (scale === 1) return relation;
  const settled = { ...relation, scale: 1 };
  const noted = { part: 'unit', impact: 'breaking', series: of } as const;
  if (place === undefined || native) {
    const what = native
      ? 'native histograms cannot be multiplied: their bounds stay'
      : 'a function needs the values of the old unit, and a range vector cannot be multiplied';
    beyond(context, at, native ? 'native-histogram' : 'function', noted, `${seriesText(of)}: ${what}`);
    return settled;
  }
  const factor = factorText(scale);
  broken(context, place, noted, `${seriesText(of)} ${is(of)} in another unit: the old value is the new one ${factor}`);
  const around = (text: string, needed: boolean) => (needed ? text : '');
  const after = `${around(')', !place.atomic)} ${factor}${around(')', !place.alone)}`;
  context.edits.wrap(place, around('(', !place.alone) + around('(', !place.atomic), after);
  return { ...settled, place: { ...place, atomic: !place.alone } };
}

/** New series that were one before become one. */
export function settleFiner(context: Context, relation: Relation): Relation {
  const { at, place, splits, added, renames, values, only, merge, of } = relation;
  if (!isFiner(relation)) return relation;
  const labels = [...splits.keys(), ...added];
  const noted = { part: 'result', impact: splits.size > 0 ? 'breaking' : 'risky', series: of, label: labels.join(', ') } as const;
  const message = `${seriesText(of)} ${of.length === 1 ? 'has' : 'have'} several series for one by ${labels.join(', ')}`;
  const without = (label: string) => !splits.has(label);
  const rest = <V>(map: ReadonlyMap<string, V>) => new Map([...map].filter(([label]) => without(label)));
  const settled: Relation = { ...relation, splits: new Map(), added: new Set(), renames: rest(renames), values: rest(values) };
  if (place === undefined) {
    beyond(context, at, 'range-of-split', noted, `${message}, and a range vector cannot be aggregated`);
    return settled;
  }
  broken(context, place, noted, message);
  const dropped = [...added];
  const back: [before: string, after: string][] = [];
  for (const [label, groups] of splits) {
    const name = renames.get(label) ?? label;
    dropped.push(name);
    const value = only.get(label);
    if (value !== undefined) {
      back.push(replaced(label, value, '', ''));
      continue;
    }
    const kept = name === label ? `old_${label}` : label;
    context.edits.wrap(place, ...replaced(kept, '$1', name, '(.*)', false));
    for (const [old, news] of groups) context.edits.wrap(place, ...replaced(kept, old, name, news.map(literalPattern).join('|')));
    for (const [old, to] of values.get(label) ?? []) context.edits.wrap(place, ...replaced(kept, old, name, literalPattern(to)));
    if (kept !== label) back.push(replaced(label, '$1', kept, '(.*)', false), replaced(kept, '', '', ''));
  }
  context.edits.wrap(place, `${merge} without (${dropped.join(', ')}) (`, ')');
  for (const [before, after] of back) context.edits.wrap(place, before, after);
  return { ...settled, place: { ...place, atomic: true }, renamed: false };
}

/** Labels have their old names and values. What is coarser cannot be put right. */
export function settleLabels(context: Context, given: Relation): Relation {
  const { removed } = given;
  if (removed.size > 0) {
    const labels = [...removed].join(', ');
    const noted = { part: 'result', impact: 'breaking', series: given.of, label: labels } as const;
    beyond(
      context,
      given.at,
      'label-removed',
      noted,
      `${seriesText(given.of)} ${is(given.of)} without ${labels}, which the result had`,
    );
  }
  const relation = settleFiner(context, given);
  const { at, place, renames, values, boundScale, of } = relation;
  const settled: Relation = { ...relation, renames: new Map(), values: new Map(), boundScale: 1, removed: new Set() };
  const labels = new Set([...renames.keys(), ...values.keys()]);
  const noted = { part: 'result', impact: 'risky', series: of, label: [...labels].join(', ') } as const;
  if (boundScale !== 1) {
    const message = `${seriesText(of)}: the bounds are in another unit, and the result has them in the label le`;
    beyond(context, at, 'bounds-in-result', { part: 'bound', impact: 'breaking', series: of, label: 'le' }, message);
  }
  if (labels.size === 0) return settled;
  if (place === undefined) {
    beyond(
      context,
      at,
      'function',
      noted,
      `${seriesText(of)}: a function needs the old labels, which a range vector cannot be given`,
    );
    return settled;
  }
  broken(context, place, noted, `${seriesText(of)}: the result has other names or values of ${[...labels].join(', ')}`);
  for (const [old, name] of renames) context.edits.wrap(place, ...replaced(old, '$1', name, '(.*)', false));
  for (const [label, changed] of values)
    for (const [old, value] of changed) context.edits.wrap(place, ...replaced(label, old, label, literalPattern(value)));
  for (const [, name] of renames) context.edits.wrap(place, ...replaced(name, '', '', ''));
  return { ...settled, place: { ...place, atomic: true } };
}

export function settleAll(context: Context, relation: Relation): Relation {
  return settleScale(context, settleLabels(context, relation));
}

/** @param literal whether the replacement's `$` is a character */
function replaced(
  label: string,
  value: string,
  source: string,
  pattern: string,
  literal = true,
): [before: string, after: string] {
  const replacement = literal ? value.replaceAll('$', '$$$$') : value;
  return ['label_replace(', `, ${quote(label)}, ${quote(replacement)}, ${quote(source)}, ${quote(pattern)})`];
}

/** `* 1000` or `/ 1000`: whole numbers where it can, since 0.001 has no exact double. */
export function factorText(scale: number): string {
  const whole = Math.round(1 / scale);
  if (scale < 1 && Math.abs(whole * scale - 1) < 1e-12) return `/ ${whole}`;
  return `* ${rounded(scale)}`;
}

/** Without the last digits of a division. */
export const rounded = (value: number) => Number(value.toPrecision(15));

const is = (of: readonly string[]) => (of.length === 1 ? 'is' : 'are');
export const seriesText = (of: readonly string[]) => of.join(', ');

/** A number, or a series without anything of the old. */
export const plain = (place: Place): Relation => ({ ...unrelated, at: place, place });
