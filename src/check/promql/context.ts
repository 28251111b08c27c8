/** What one pass over an expression collects: edits, what breaks, and why something cannot be rewritten. */
import type { ContractDiff, Impact } from '../diff/change.ts';
import type { Edits } from './edits.ts';
import type { Span } from './syntax/ast.ts';

/** What in an expression is concerned. */
export type BrokenPart = 'metric' | 'type' | 'unit' | 'label' | 'value' | 'bound' | 'grouping' | 'matching' | 'function' | 'result';

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
}

export type Noted = Omit<Breakage, 'from' | 'to' | 'message'>;

/** It is broken, and an edit puts it right. */
export function broken(context: Context, { from, to }: Span, noted: Noted, message: string): void {
  const same = (other: Breakage) => other.from === from && other.to === to && other.message === message;
  if (!context.breakages.some(same)) context.breakages.push({ from, to, ...noted, message });
}

/** It is broken, and no edit puts it right. */
export function beyond(context: Context, span: Span, id: ReasonId, noted: Noted, message: string): void {
  broken(context, span, noted, message);
  const { from, to } = span;
  const same = (other: Reason) => other.from === from && other.to === to && other.message === message;
  if (!context.reasons.some(same)) context.reasons.push({ from, to, id, message });
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
  if (!context.notes.some((note) => note.from === from && note.to === to && note.message === message))
    context.notes.push({ from, to, message });
}

export const isOpaque = ({ opaque }: Context, { from, to }: Span) => opaque.some((range) => range.from < to && from < range.to);
