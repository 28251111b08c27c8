/** What breaks in an expression, and the expression that finds the same in the new series. */
import type { ContractDiff } from '../diff/change.ts';
import { analyse } from './analyse.ts';
import type { Breakage, Note, Reason } from './context.ts';
import { applyEdits, type Edit } from './edits.ts';
import type { Span } from './syntax/ast.ts';
import { type ParseError, parseExpression } from './syntax/parse.ts';

/**
 * What breaks, in the order of the text; or why the text cannot be read. Empty: over the new samples it finds what it found over
 * the old.
 */
export type Breakages = { readonly breakages: readonly Breakage[]; readonly error?: undefined } | { readonly error: ParseError };

export type Rewriting =
  | { readonly kind: 'unchanged' }
  /** `edits` are of the given text, sorted, without overlaps; outside them `text` is the given text byte for byte. */
  | {
      readonly kind: 'rewritten';
      readonly edits: readonly Edit[];
      readonly text: string;
      readonly breakages: readonly Breakage[];
      /** Where a value that a unit's factor rounds decides. */
      readonly notes: readonly Note[];
    }
  /** All reasons, in the order of the text. */
  | { readonly kind: 'not-rewritable'; readonly reasons: readonly Reason[]; readonly breakages: readonly Breakage[] }
  | { readonly kind: 'unreadable'; readonly error: ParseError };

/**
 * @param opaque spans that stand for something else, such as a dashboard's variable
 * @throws DEPENDENCY_MISSING when the grammar of PromQL is not installed
 */
export function breakagesOf(text: string, diff: ContractDiff, opaque: readonly Span[] = []): Breakages {
  const parsed = parseExpression(text);
  if (parsed.error !== undefined) return { error: parsed.error };
  return { breakages: analyse(text, parsed.expression, diff, opaque).breakages };
}

/**
 * The expression whose values and labels over the new series equal those of `text` over the old ones, but for the metric's name.
 * @param opaque spans that stand for something else, such as a dashboard's variable: no edit is in them
 * @throws DEPENDENCY_MISSING when the grammar of PromQL is not installed
 */
export function rewriteExpression(text: string, diff: ContractDiff, opaque: readonly Span[] = []): Rewriting {
  const parsed = parseExpression(text);
  if (parsed.error !== undefined) return { kind: 'unreadable', error: parsed.error };
  const { breakages, edits, reasons, notes } = analyse(text, parsed.expression, diff, opaque);
  if (reasons.length > 0) return { kind: 'not-rewritable', reasons, breakages };
  if (edits.length === 0) return { kind: 'unchanged' };
  return { kind: 'rewritten', edits, text: applyEdits(text, edits), breakages, notes };
}
