/** What must hold of every string that a contract sends out. */
import type { Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';

/**
 * UTF-8, which every format is written in, has no lone surrogates (Unicode, "Surrogates", D92): a writer puts U+FFFD in their place, so that strings that
 * differ come out as one.
 */
export function illFormed(value: unknown, at: string): Problem[] {
  if (typeof value !== 'string' || value.isWellFormed()) return [];
  const rule = 'a string is well-formed Unicode, without a surrogate that stands alone';
  return [{ at, got: shown(value), rule, fix: 'complete the pair, or remove the character' }];
}
