/**
 * One pass over an expression, from its selectors up. What breaks and what is edited come from the same rules: where nothing
 * breaks, nothing is edited.
 */
import type { ContractDiff } from '../diff/change.ts';
import { aggregated } from './aggregate.ts';
import { combined } from './binary.ts';
import { called } from './call.ts';
import { type Breakage, beyond, type Context, isOpaque, type Note, type Reason } from './context.ts';
import { collectEdits, type Edit } from './edits.ts';
import { familyOf } from './family.ts';
import type { Place, Relation } from './relation.ts';
import { selectorRelation } from './selector.ts';
import { plain, settleAll, settleScale } from './settle.ts';
import type { Expr, Span } from './syntax/ast.ts';

export interface Analysis {
  readonly breakages: readonly Breakage[];
  readonly edits: readonly Edit[];
  /** Empty: the edits make it right. */
  readonly reasons: readonly Reason[];
  readonly notes: readonly Note[];
}

/** @param opaque spans that stand for something else, such as a dashboard's variable */
export function analyse(text: string, expression: Expr, diff: ContractDiff, opaque: readonly Span[] = []): Analysis {
  const context: Context = {
    text,
    diff,
    edits: collectEdits(),
    opaque,
    breakages: [],
    reasons: [],
    notes: [],
    already: [],
    said: new Set(),
  };
  settleAll(context, visit(context, expression, true).relation);
  if (context.already.length > 0) return written(context);
  const edits = context.edits.list();
  for (const edit of edits)
    if (isOpaque(context, edit)) {
      const message = 'what has to be changed is a variable';
      beyond(context, edit, 'variable', { part: 'metric', impact: 'risky', series: [] }, message);
    }
  return {
    breakages: context.breakages.sort(byPlace),
    edits,
    reasons: context.reasons.sort(byPlace),
    notes: context.notes.sort(byPlace),
  };
}

const byPlace = (one: Span, other: Span) => one.from - other.from || one.to - other.to;

/** For the new contract already; what breaks is what other series in it do. */
function written({ diff, already, breakages }: Context): Analysis {
  const concerned = new Set(already.map(({ series }) => series));
  const isConcerned = (name: string) => concerned.has(familyOf(diff, name)?.mapping.from.series ?? name);
  const others = breakages.filter(({ series }) => !series.some(isConcerned));
  const reasons = already.map(({ from, to, series, what }): Reason => {
    const message = `only the new ${series} has ${what}: the expression is for it already`;
    return { from, to, id: 'already-new', message };
  });
  const risks = already.map(
    ({ part, series }, at): Breakage => ({ ...(reasons[at] as Reason), part, impact: 'risky', series: [series] }),
  );
  return { breakages: [...others, ...risks].sort(byPlace), edits: [], reasons: reasons.sort(byPlace), notes: [] };
}

interface Visited {
  readonly relation: Relation;
  /** A number or a string. */
  readonly scalar: boolean;
}

const ofNumbers = ['time', 'pi', 'scalar', 'start', 'end', 'range', 'step'];

function visit(context: Context, node: Expr, alone: boolean): Visited {
  const atomic = node.kind !== 'binary' && node.kind !== 'unary';
  const place: Place = { from: node.from, to: node.to, atomic, alone };
  switch (node.kind) {
    case 'number':
    case 'string':
      return { relation: plain(place), scalar: true };
    case 'selector':
      return { relation: { ...selectorRelation(context, node), place }, scalar: false };
    case 'aggregate': {
      if (node.parameter !== undefined) settleScale(context, visit(context, node.parameter, true).relation);
      return { relation: aggregated(context, node, place, visit(context, node.inner, true).relation), scalar: false };
    }
    case 'binary': {
      const left = { ...visit(context, node.left, false), node: node.left };
      const right = { ...visit(context, node.right, false), node: node.right };
      return { relation: combined(context, node, place, left, right), scalar: left.scalar && right.scalar };
    }
    case 'call': {
      const args = node.args.map((arg) => ({ node: arg, ...visit(context, arg, true) }));
      return { relation: called(context, node, place, args), scalar: ofNumbers.includes(node.name) };
    }
    default:
      return wrapped(context, node, place);
  }
}

function wrapped(
  context: Context,
  node: Extract<Expr, { inner: Expr; kind: 'range' | 'subquery' | 'modified' | 'paren' | 'unary' }>,
  place: Place,
): Visited {
  const inner = visit(context, node.inner, node.kind === 'paren');
  const { relation } = inner;
  if (node.kind === 'range') return { ...inner, relation: { ...relation, place: undefined } };
  if (node.kind === 'subquery') return inner;
  // The range vector in it: only the expression of a subquery has a place, which stays.
  if (isRange(node.inner)) return inner;
  return { ...inner, relation: { ...relation, at: node, place } };
}

function isRange(node: Expr): boolean {
  if (node.kind === 'range' || node.kind === 'subquery') return true;
  return (node.kind === 'paren' || node.kind === 'modified') && isRange(node.inner);
}
