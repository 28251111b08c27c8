/** Operators between two parts: their values need one unit, and their labels one language where they are matched. */

import { grouping } from './aggregate.ts';
import { noteFactor } from './already.ts';
import { type Context, isOpaque, mayRound } from './context.ts';
import { hasOtherLabels, isCoarser, onlyLabels, type Place, type Relation, sameLabels } from './relation.ts';
import { settleFiner, settleLabels, settleScale } from './settle.ts';
import type { Binary, Expr } from './syntax/ast.ts';

export interface Operand {
  readonly relation: Relation;
  readonly scalar: boolean;
  readonly node: Expr;
}

const comparisons = ['==', '!=', '<=', '<', '>=', '>'];
const sets = ['and', 'or', 'unless'];

export function combined(context: Context, node: Binary, place: Place, left: Operand, right: Operand): Relation {
  if (node.bare) context.edits.guard(node.right.from);
  if (left.scalar || right.scalar) return withNumber(context, node, place, left, right);
  let [one, other] = [apart(context, left.relation), apart(context, right.relation)];
  const labels = node.labels ?? [];
  const named = new Set(labels.map(({ name }) => name));
  const all = node.labels === undefined;
  const isMatched = (label: string) => all || named.has(label) === node.on;
  const joined = new Set(node.include.map(({ name }) => name));
  const agree = () => {
    if (!sameLabels(onlyLabels(one, isMatched), onlyLabels(other, isMatched))) return false;
    // A list names the labels of both sides.
    if (!sameNames(one, other, named)) return false;
    if (node.op === 'or' && !sameLabels(one, other)) return false;
    if (labels.some((label) => isOpaque(context, label))) return !hasOtherLabels(one) && !hasOtherLabels(other);
    return ![...joined].some((label) => concerns(one, label) || concerns(other, label));
  };
  if (!agree()) [one, other] = [settleLabels(context, one), settleLabels(context, other)];
  grouping(
    context,
    { ...one, renames: new Map([...one.renames, ...other.renames]), of: [...new Set([...one.of, ...other.of])] },
    labels,
    node.on,
  );
  const scaled = scales(context, node, one, other, node.fill);
  if (comparisons.includes(node.op)) for (const side of [one, other]) mayRound(context, node, side, otherSide(node.op));
  const whole = node.op === 'or' || node.op === 'and' || node.op === 'unless' || node.group !== undefined;
  const source = node.group === 'right' ? scaled.other : scaled.one;
  const result = whole ? source : onlyLabels(source, isMatched);
  const of = sets.includes(node.op) && node.op !== 'or' ? one.of : [...new Set([...one.of, ...other.of])];
  const keepsName = sets.includes(node.op) || (comparisons.includes(node.op) && !node.bool);
  return {
    ...result,
    at: node,
    place,
    scale: scaled.scale,
    of,
    renamed: keepsName && (one.renamed || other.renamed),
    native: one.native || other.native,
    inexact: one.inexact || other.inexact,
    rounded: (one.rounded || other.rounded) && !(comparisons.includes(node.op) && node.bool),
  };
}

const otherSide = (op: string) => `where both sides of ${op} are equal, the result may be the other one`;

/** Series that are finer are put together before they meet others; coarser ones are beyond help. */
function apart(context: Context, relation: Relation): Relation {
  return isCoarser(relation) ? settleLabels(context, relation) : settleFiner(context, relation);
}

const concerns = ({ renames, values }: Relation, label: string) =>
  renames.has(label) || values.has(label) || [...renames.values()].includes(label);

function sameNames(one: Relation, other: Relation, named: ReadonlySet<string>): boolean {
  return [...named].every((label) => one.renames.get(label) === other.renames.get(label));
}

interface Scaled {
  readonly one: Relation;
  readonly other: Relation;
  readonly scale: number;
}

function scales(
  context: Context,
  { op, bool }: Pick<Binary, 'op' | 'bool'>,
  one: Relation,
  other: Relation,
  strict = false,
): Scaled {
  if (op === 'and' || op === 'unless') return { one, other, scale: one.scale };
  if (!strict && op === '*') return { one, other, scale: one.scale * other.scale };
  if (!strict && op === '/') return { one, other, scale: one.scale / other.scale };
  const linear = ['+', '-', '%', 'or', ...comparisons].includes(op);
  if (!strict && linear && one.scale === other.scale) return { one, other, scale: bool ? 1 : one.scale };
  return { one: settleScale(context, one), other: settleScale(context, other), scale: 1 };
}

function withNumber(context: Context, node: Binary, place: Place, left: Operand, right: Operand): Relation {
  const { op, bool } = node;
  const compared = comparisons.includes(op);
  let vector = left.scalar ? right.relation : left.relation;
  const number = left.scalar ? left : right;
  noteFactor(context, node, vector.scale, vector.of);
  // A factor leaves a sum a sum.
  const linear = op === '*' || (op === '/' && !left.scalar);
  if (!linear && !(left.scalar && right.scalar)) vector = apart(context, vector);
  const done = {
    ...vector,
    at: node,
    place,
    renamed: vector.renamed && compared && !bool,
    inexact: left.relation.inexact || right.relation.inexact,
    rounded: (left.relation.rounded || right.relation.rounded) && !(compared && bool),
  };
  // Zero is zero in every unit.
  if (compared && number.node.kind === 'number' && Number(number.node.text) === 0)
    return { ...done, scale: bool ? 1 : vector.scale };
  if (compared) for (const side of [left.relation, right.relation]) mayRound(context, node, side, otherSide(op));
  const [one, other] = left.scalar ? [left.relation, vector] : [vector, right.relation];
  const scaled = scales(context, node, one, other);
  return { ...done, scale: scaled.scale };
}
