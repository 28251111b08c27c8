/**
 * What only the new contract has, in an expression over a series that has kept its name: the expression is written for the new
 * contract already, as one is that was rewritten before. To rewrite it again would be wrong.
 */
import type { Mapping } from '../diff/change.ts';
import { type BrokenPart, type Context, isNew } from './context.ts';
import { familyOf, isNear, labelOf } from './family.ts';
import type { Expr, Matcher, Span } from './syntax/ast.ts';
import { alternatives } from './syntax/strings.ts';

/** Those of the given series that have kept their names. */
export function keptNames({ diff }: Context, of: readonly string[]): readonly Mapping[] {
  const mappings = of.flatMap((name) => familyOf(diff, name)?.mapping ?? []);
  return mappings.filter(keepsName);
}

const keepsName = ({ from, to }: Mapping) => from.series === to?.series;

/** Whether a label is in the new series, and was not in the old ones. */
export function isNewLabel({ from, to }: Mapping, label: string): boolean {
  return to !== undefined && labelOf(to, label) !== undefined && labelOf(from, label) === undefined;
}

/** Whether literals name a value that an old one became, and not the old one. */
function isNewValue({ values }: Mapping, old: string, literals: readonly string[]): boolean {
  const changed = values.get(old);
  if (changed === undefined) return false;
  const sources = (value: string) => [...changed].flatMap(([before, news]) => (news.includes(value) ? [before] : []));
  return literals.some(
    (value) => !changed.has(value) && sources(value).length > 0 && !sources(value).some((each) => literals.includes(each)),
  );
}

function note(context: Context, { from, to }: Span, part: BrokenPart, { from: { series } }: Mapping, what: string): void {
  if (isNew(context, `already ${from} ${what}`)) context.already.push({ from, to, part, series, what });
}

/** Whether it is noted. */
export function noteLabel(context: Context, at: Span, mappings: readonly Mapping[], label: string): boolean {
  const mapping = mappings.find((each) => keepsName(each) && isNewLabel(each, label));
  if (mapping !== undefined) note(context, at, 'label', mapping, `the label ${label}`);
  return mapping !== undefined;
}

/** A matcher of a label whose values are others. Whether it is noted. */
export function noteMatcher(context: Context, { label, op, value, valueAt }: Matcher, mapping: Mapping): boolean {
  const literals = op === '=' || op === '!=' ? [value] : (alternatives(value) ?? []);
  if (!keepsName(mapping) || !isNewValue(mapping, label.name, literals)) return false;
  note(context, valueAt, 'value', mapping, `${label.name}=${JSON.stringify(value)}`);
  return true;
}

/** `label_replace` and `label_join`: the labels that they read, and the pattern of what they look for. */
export function noteRelabelling(context: Context, args: readonly Expr[], of: readonly string[], sources: readonly Expr[]): void {
  const mappings = keptNames(context, of);
  if (mappings.length === 0) return;
  const texts = args.flatMap((arg) => (arg.kind === 'string' ? [arg] : []));
  const pattern = texts[3]?.value ?? '';
  for (const source of sources) {
    if (source.kind !== 'string' || noteLabel(context, source, mappings, source.value)) continue;
    for (const mapping of mappings)
      for (const [old, now] of mapping.labels)
        if (now === source.value && isNewValue(mapping, old, alternatives(pattern) ?? []))
          note(context, source, 'value', mapping, `${source.value}=${JSON.stringify(pattern)}`);
  }
}

/** A value is put back into its old unit. */
export function noteFactor(
  context: Context,
  node: Extract<Expr, { kind: 'binary' }>,
  scale: number,
  of: readonly string[],
): void {
  const { op, right } = node;
  if (scale === 1 || right.kind !== 'number') return;
  const factor = { '*': Number(right.text), '/': 1 / Number(right.text) }[op];
  if (factor === undefined || !isNear(factor, scale)) return;
  const mapping = keptNames(context, of).find((each) => each.factor !== 1);
  if (mapping !== undefined) note(context, right, 'unit', mapping, `${op} ${right.text}, which gives back the old unit`);
}

/** A bound that both have, in two units. */
export function noteBound(context: Context, { value, valueAt }: Matcher, mapping: Mapping): boolean {
  const { to, factor } = mapping;
  if (!keepsName(mapping) || factor === 1 || to?.bounds.includes(Number(value)) !== true) return false;
  note(context, valueAt, 'bound', mapping, `the bound ${value}, if it is in the new unit`);
  return true;
}

/** A limit that is converted already. */
export function noteLimit(context: Context, bound: Expr, factor: string, of: readonly string[]): void {
  const [mapping] = keptNames(context, of);
  if (
    mapping === undefined ||
    bound.kind !== 'binary' ||
    `${bound.op} ${context.text.slice(bound.right.from, bound.right.to)}` !== factor
  )
    return;
  note(context, bound, 'unit', mapping, `${factor}, which gives the new unit`);
}
