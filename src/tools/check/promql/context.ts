/** What one pass over an expression collects: edits, what breaks, and why something cannot be rewritten. */
import type { ContractDiff, Impact } from '../diff/change.ts';
import type { Edits } from './edits.ts';
import type { Span } from './syntax/ast.ts';

/** What in an expression is concerned. */
export type BrokenPart =
  | 'metric'
  | 'type'
  | 'unit'
  | 'label'
  | 'value'
  | 'bound'
  | 'grouping'
  | 'matching'
  | 'function'
  | 'result';

export interface Breakage extends Span {
  readonly part: BrokenPart;
  readonly impact: Exclude<Impact, 'safe'>;
  /** Old series' names that are concerned. */
  readonly series: readonly string[];
  readonly label?: string;
  readonly value?: string;
  /** One sentence. */
  readonly message: string;
}

export type ReasonId =
  | 'metric-removed'
  | 'already-new'
  | 'name-collides'
  | 'name-pattern'
  | 'no-name'
  | 'type-changed'
  | 'unit-without-factor'
  | 'label-removed'
  | 'label-collides'
  | 'value-removed'
  | 'values-merged'
  | 'not-additive'
  | 'range-of-split'
  | 'bounds-changed'
  | 'bounds-in-result'
  | 'native-histogram'
  | 'name-in-result'
  | 'sampled-by-labels'
  | 'variable'
  | 'function';

/** Why the expression is not rewritable. */
export interface Reason extends Span {
  readonly id: ReasonId;
  /** One sentence. */
  readonly message: string;
}

/** It is rewritten, and may still find something else at its edges. */
export interface Note extends Span {
  /** One sentence. */
  readonly message: string;
}

/** What only the new contract has, so that the expression is written for it already. */
export interface Already extends Span {
  readonly part: BrokenPart;
  /** The metric's. */
  readonly series: string;
  readonly what: string;
}

export interface Context {
  readonly text: string;
  readonly diff: ContractDiff;
  readonly edits: Edits;
  readonly opaque: readonly Span[];
  readonly breakages: Breakage[];
  readonly reasons: Reason[];
  readonly notes: Note[];
  readonly already: Already[];
  /** What was said, so that nothing is said twice. */
  readonly said: Set<string>;
}

export type Noted = Omit<Breakage, 'from' | 'to' | 'message'>;

/** It is broken, and an edit puts it right. */
export function broken(context: Context, { from, to }: Span, noted: Noted, message: string): void {
  if (isNew(context, `breakage ${from} ${to} ${message}`)) context.breakages.push({ from, to, ...noted, message });
}

/** It is broken, and no edit puts it right. */
export function beyond(context: Context, span: Span, id: ReasonId, noted: Noted, message: string): void {
  broken(context, span, noted, message);
  const { from, to } = span;
  if (isNew(context, `reason ${from} ${to} ${message}`)) context.reasons.push({ from, to, id, message });
}

/** Whether it has not been said. */
export function isNew({ said }: Context, text: string): boolean {
  if (said.has(text)) return false;
  said.add(text);
  return true;
}

/** An operation that tells equal values from unequal ones, over values that a factor rounded. */
export function mayRound(
  context: Context,
  { from, to }: Span,
  { rounded, of }: { readonly rounded: boolean; readonly of: readonly string[] },
  what: string,
): void {
  if (!rounded) return;
  const message = `the unit of ${of.join(', ')} has changed, and its factor rounds: ${what}`;
  if (isNew(context, `note ${from} ${to} ${message}`)) context.notes.push({ from, to, message });
}

/** Its ranges ascend, without overlaps. */
export function isOpaque({ opaque }: Context, { from, to }: Span): boolean {
  let low = 0;
  let high = opaque.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((opaque[middle]?.to ?? 0) <= from) low = middle + 1;
    else high = middle;
  }
  return (opaque[low]?.from ?? Number.POSITIVE_INFINITY) < to;
}
