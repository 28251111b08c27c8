/** Function calls. */

import { noteLimit, noteRelabelling } from './already.ts';
import { beyond, broken, type Context, mayRound } from './context.ts';
import { functions } from './functions.ts';
import { hasOtherLabels, isCoarser, isFiner, onlyLabels, type Place, type Relation, unrelated } from './relation.ts';
import { factorText, plain, seriesText, settleAll, settleFiner, settleLabels, settleScale } from './settle.ts';
import type { Call, Expr, Span } from './syntax/ast.ts';
import { quote } from './syntax/strings.ts';

export interface Argument {
  readonly node: Expr;
  readonly relation: Relation;
  /** Of its type: numbers and strings have no labels. */
  readonly scalar: boolean;
}

const rounding = ['ceil', 'floor', 'round'];

export function called(context: Context, node: Call, place: Place, args: readonly Argument[]): Relation {
  const { name } = node;
  const vectors = args.filter(({ scalar }) => !scalar);
  if (name === 'vector') return { ...(args[0]?.relation ?? unrelated), at: node, place };
  const [vector] = vectors;
  // Numbers beside the vector mean the old unit of what they are made of.
  for (const { scalar, relation } of args) if (scalar) settleScale(context, relation);
  if (vector === undefined) return plain(place);
  if (name === 'absent' || name === 'absent_over_time') return absent(context, node, place, vector);
  if (name === 'timestamp') return timestamp(context, node, place, vector.relation);
  if (name.startsWith('histogram_')) return histogram(context, node, place, args, vector.relation);
  if (name === 'label_replace' || name === 'label_join') return relabelled(context, node, place, vector.relation);
  if (name.startsWith('sort_by_label')) return sorted(context, node, place, vector.relation);
  if (rounding.includes(name))
    mayRound(context, node, vector.relation, `${name} of a value at one of its steps may be the next step`);
  const behaviour = functions[name];
  if (behaviour === undefined || vectors.length > 1) {
    for (const { relation } of vectors) settleAll(context, relation);
    return {
      ...plain(place),
      inexact: args.some(({ relation }) => relation.inexact),
      rounded: args.some(({ relation }) => relation.rounded),
      of: vector.relation.of,
    };
  }
  return ordinary(context, node, place, vector.relation);
}

function ordinary(context: Context, node: Call, place: Place, given: Relation): Relation {
  const { name } = node;
  const { unit, linear, of, unlabelled } = functions[name] ?? {};
  if (given.retyped && of !== undefined) {
    const noted = { part: 'type', impact: 'breaking', series: given.of } as const;
    beyond(
      context,
      node,
      'type-changed',
      noted,
      `${name} is for a ${of === 'counter' ? 'counter' : 'gauge'}, and the type of ${seriesText(given.of)} has changed`,
    );
  }
  let relation = given;
  if (linear !== true || relation.merge !== 'sum') relation = whole(context, node, relation);
  const scale = unit === 'squares' ? relation.scale ** 2 : unit === 'drops' ? 1 : relation.scale;
  const named = relation.renamed && name === 'last_over_time';
  const labelled = unlabelled === true ? onlyLabels(relation, () => false) : relation;
  return {
    ...labelled,
    at: node,
    place,
    scale,
    inexact: relation.inexact && unit !== 'drops',
    rounded: relation.rounded && unit !== 'drops',
    renamed: named,
    native: relation.native && linear === true,
  };
}

/** The series as they were before. */
function whole(context: Context, node: Span & { readonly name: string }, relation: Relation): Relation {
  if (isCoarser(relation)) {
    const labels = [...relation.removed].join(', ');
    const noted = { part: 'function', impact: 'breaking', series: relation.of, label: labels } as const;
    beyond(
      context,
      node,
      'label-removed',
      noted,
      `${node.name} of a sum is not the sum over ${labels}, which ${seriesText(relation.of)} had`,
    );
  }
  if (isFiner(relation) && relation.place === undefined) {
    const labels = [...relation.splits.keys(), ...relation.added].join(', ');
    const noted = { part: 'function', impact: 'breaking', series: relation.of, label: labels } as const;
    beyond(
      context,
      node,
      'range-of-split',
      noted,
      `${node.name} of several series by ${labels} is not ${node.name} of their sum, and a range vector cannot be summed`,
    );
    return { ...relation, removed: new Set(), splits: new Map(), added: new Set() };
  }
  return settleFiner(context, { ...relation, removed: new Set() });
}

/** Its labels are those of the selector's `=` matchers, not those of series. Whether there is one does not depend on values. */
function absent(context: Context, node: Call, place: Place, { node: selector, relation }: Argument): Relation {
  const inner = selectorIn(selector);
  if (inner === undefined) {
    return { ...plain(place), of: relation.of };
  }
  const exact = inner.matchers.filter(({ op, label }) => op === '=' && label.name !== '__name__');
  const names = new Set(exact.map(({ label }) => label.name));
  const kept = onlyLabels(relation, (label) => names.has(label));
  const rest: Relation = {
    ...kept,
    at: node,
    place,
    scale: 1,
    boundScale: 1,
    removed: new Set(),
    added: new Set(),
    native: false,
    renamed: false,
  };
  if (kept.splits.size === 0) return rest;
  // The matcher has become a pattern, which shows no label.
  for (const [label, value] of kept.only) {
    if (!kept.splits.has(label)) continue;
    broken(
      context,
      node,
      { part: 'result', impact: 'risky', series: relation.of, label },
      `${node.name} takes the label ${label} from its matcher`,
    );
    context.edits.wrap(place, 'label_replace(', `, ${quote(label)}, ${quote(value.replaceAll('$', '$$$$'))}, "", "")`);
  }
  const others = new Map([...rest.renames].filter(([label]) => !kept.splits.has(label)));
  return { ...rest, renames: others, splits: new Map() };
}

function selectorIn(node: Expr): Extract<Expr, { kind: 'selector' }> | undefined {
  if (node.kind === 'selector') return node;
  return node.kind === 'paren' || node.kind === 'range' || node.kind === 'modified' ? selectorIn(node.inner) : undefined;
}

function timestamp(context: Context, node: Call, place: Place, relation: Relation): Relation {
  if (isFiner(relation)) {
    const noted = { part: 'function', impact: 'breaking', series: relation.of } as const;
    beyond(
      context,
      node,
      'function',
      noted,
      `timestamp needs a selector, and ${seriesText(relation.of)} has several series for one`,
    );
    return plain(place);
  }
  return { ...whole(context, node, relation), at: node, place, scale: 1, native: false, renamed: false };
}

function histogram(context: Context, node: Call, place: Place, args: readonly Argument[], given: Relation): Relation {
  const { name } = node;
  const additive = name === 'histogram_count' || name === 'histogram_sum';
  const relation = additive ? given : whole(context, node, given);
  const unit = relation.native ? relation.scale : relation.boundScale;
  const estimated = name.includes('quantile') || name === 'histogram_fraction' || name.includes('std');
  if (relation.native && unit !== 1 && estimated) {
    const noted = { part: 'unit', impact: 'breaking', series: relation.of } as const;
    beyond(
      context,
      node,
      'native-histogram',
      noted,
      `${name} estimates from exponential buckets, and those of another unit lie elsewhere`,
    );
  }
  if (name === 'histogram_fraction' && unit !== 1)
    for (const { node: bound } of args.slice(0, 2)) scaledBound(context, bound, unit, relation);
  const scale = { histogram_count: 1, histogram_fraction: 1, histogram_stdvar: unit ** 2 }[name] ?? unit;
  const rest = onlyLabels(relation, (label) => label !== 'le');
  return { ...rest, at: node, place, scale, native: false, renamed: false };
}

function scaledBound(context: Context, bound: Expr, unit: number, { of }: Relation): void {
  noteLimit(context, bound, factorText(1 / unit), of);
  broken(context, bound, { part: 'unit', impact: 'breaking', series: of }, `${seriesText(of)}: the limit is in the old unit`);
  const [before, after] = bound.kind === 'binary' || bound.kind === 'unary' ? ['(', ')'] : ['', ''];
  context.edits.wrap(bound, before, `${after} ${factorText(1 / unit)}`);
}

/** A label that is only read follows its new name; for everything else the old labels are restored before. */
function relabelled(context: Context, node: Call, place: Place, given: Relation): Relation {
  const texts = node.args.flatMap((arg) => (arg.kind === 'string' ? [arg] : []));
  const [destination] = texts;
  const sources = node.name === 'label_replace' ? texts.slice(2, 3) : texts.slice(2);
  noteRelabelling(context, node.args, given.of, sources);
  const relation = isFiner(given) || isCoarser(given) ? settleLabels(context, given) : given;
  const { renames, values, boundScale } = relation;
  const news = new Set(renames.values());
  const isTouched = (label: string) =>
    renames.has(label) || values.has(label) || news.has(label) || (label === 'le' && boundScale !== 1);
  const readable = (label: string) => !values.has(label) && !news.has(label) && !(label === 'le' && boundScale !== 1);
  if (isTouched(destination?.value ?? '') || !sources.every(({ value }) => readable(value)))
    return { ...settleLabels(context, relation), at: node, place };
  for (const source of sources) {
    const name = renames.get(source.value);
    if (name === undefined) continue;
    const message = `the label ${source.value} of ${seriesText(relation.of)} is now ${name}`;
    broken(context, source, { part: 'function', impact: 'breaking', series: relation.of, label: source.value }, message);
    context.edits.replace(source, quote(name, context.text.slice(source.from, source.to)));
  }
  return { ...relation, at: node, place };
}

function sorted(context: Context, node: Call, place: Place, given: Relation): Relation {
  const relation = hasOtherLabels(given) ? settleLabels(context, given) : given;
  return { ...relation, at: node, place };
}
