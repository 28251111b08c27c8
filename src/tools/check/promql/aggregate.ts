/** Aggregations: what they drop need not be put right, and what they keep is put right as late as possible. */

import { keptNames, noteLabel } from './already.ts';
import { beyond, broken, type Context, isOpaque, mayRound } from './context.ts';
import { aggregations } from './functions.ts';
import { hasOtherLabels, isCoarser, isFiner, onlyLabels, type Place, type Relation } from './relation.ts';
import { seriesText, settleFiner, settleScale } from './settle.ts';
import type { Aggregate, LabelName } from './syntax/ast.ts';
import { labelText } from './syntax/strings.ts';

const selecting = ['topk', 'bottomk', 'limitk', 'limit_ratio'];
const sampling = ['limitk', 'limit_ratio'];

export function aggregated(context: Context, node: Aggregate, place: Place, inner: Relation): Relation {
  const { op, labels = [], by } = node;
  const { unit = 'needs', linear } = aggregations[op] ?? {};
  let relation = inner;
  if (op === 'count_values' && relation.inexact) {
    const noted = { part: 'function', impact: 'breaking', series: relation.of } as const;
    beyond(
      context,
      node,
      'function',
      noted,
      `count_values shows each digit of values, and the last ones of ${seriesText(relation.of)} may be others`,
    );
  }
  if (sampling.includes(op) && (relation.renamed || hasOtherLabels(relation))) {
    const noted = { part: 'function', impact: 'risky', series: relation.of } as const;
    beyond(
      context,
      node,
      'sampled-by-labels',
      noted,
      `${op} selects by the names and labels of series, and those of ${seriesText(relation.of)} are others`,
    );
  }
  if (op === 'topk' || op === 'bottomk') mayRound(context, node, relation, `of values that are equal, ${op} may select another`);
  if (unit === 'needs' && !sampling.includes(op)) relation = settleScale(context, relation);
  relation = series(context, relation, node, linear === true);
  if (relation.renamed && by && labels.some(({ name }) => name === '__name__')) {
    const noted = { part: 'grouping', impact: 'breaking', series: relation.of, label: '__name__' } as const;
    beyond(context, node, 'name-in-result', noted, `${seriesText(relation.of)}: the result is grouped by the metric's name`);
  }
  relation = grouping(context, relation, labels, by);
  const named = new Set(labels.map(({ name }) => name));
  const kept = selecting.includes(op) ? relation : onlyLabels(relation, (label) => named.has(label) === by);
  const scale = unit === 'squares' ? kept.scale ** 2 : unit === 'drops' ? 1 : kept.scale;
  const native = kept.native && (op === 'sum' || op === 'avg');
  return {
    ...kept,
    at: node,
    place,
    scale,
    native,
    inexact: kept.inexact && unit !== 'drops',
    rounded: kept.rounded && unit !== 'drops',
    renamed: kept.renamed && selecting.includes(op),
  };
}

/** Finer and coarser series go through an aggregation that merges them as the change did. */
function series(context: Context, relation: Relation, { op, labels = [], by }: Aggregate, linear: boolean): Relation {
  if (op === relation.merge && (linear || op === 'max')) return relation;
  if (!isFiner(relation) && !isCoarser(relation)) return relation;
  const lost = [...relation.removed];
  if (lost.length > 0) {
    const noted = { part: 'function', impact: 'breaking', series: relation.of, label: lost.join(', ') } as const;
    const over = by && labels.length === 0 ? '' : ' within its groups';
    beyond(
      context,
      relation.at,
      'label-removed',
      noted,
      `${op} reads every series${over}, and those by ${lost.join(', ')} of ${seriesText(relation.of)} are gone`,
    );
  }
  return settleFiner(context, { ...relation, removed: new Set() });
}

/** Names in a list of labels follow the labels. What stands for the labels in lists is checked here, too: `on`, `ignoring`. */
export function grouping(context: Context, given: Relation, labels: readonly LabelName[], keeps: boolean): Relation {
  let relation = given;
  const { renames, removed, added, of } = relation;
  const news = new Set([...renames.values(), ...added]);
  for (const label of labels) {
    const noted = { part: 'grouping', impact: 'breaking', series: of, label: label.name } as const;
    if (isOpaque(context, label)) {
      if (hasOtherLabels(relation))
        beyond(
          context,
          label,
          'variable',
          { ...noted, impact: 'risky' },
          `labels of ${seriesText(of)} are others, and a variable names some`,
        );
      continue;
    }
    const name = renames.get(label.name);
    if (name === undefined && news.has(label.name) && !noteLabel(context, label, keptNames(context, of), label.name))
      beyond(context, label, 'label-collides', noted, `${seriesText(of)} had no label ${label.name}, and has one now`);
    if (removed.has(label.name) && keeps) {
      beyond(
        context,
        label,
        'label-removed',
        noted,
        `the label ${label.name} of ${seriesText(of)} is removed, and cannot be grouped by`,
      );
      relation = { ...relation, removed: new Set([...relation.removed].filter((each) => each !== label.name)) };
    }
    if (name === undefined) continue;
    broken(context, label, noted, `the label ${label.name} of ${seriesText(of)} is now ${name}`);
    context.edits.replace(label, labelText(name));
  }
  return relation;
}
