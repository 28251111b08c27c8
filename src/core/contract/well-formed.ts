/** The rule for every string that a contract exposes or pushes. */
import type { Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';

/**
 * UTF-8, the encoding of every format, has no lone surrogates (Unicode, "Surrogates", D92). A writer replaces them with U+FFFD,
 * which can make different strings equal.
 */
export function illFormed(value: unknown, at: string): Problem[] {
  if (typeof value !== 'string' || value.isWellFormed()) return [];
  const rule = 'a string is well-formed Unicode, without a lone surrogate';
  return [{ at, got: shown(value), rule, fix: 'complete the pair, or remove the character' }];
}
