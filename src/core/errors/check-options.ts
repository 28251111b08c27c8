import type { ErrorCode } from './catalogue.ts';
import { MeterbridgeError, type Problem } from './error.ts';
import { nearest } from './nearest.ts';
import { shown } from './shown.ts';

/** What to write instead of keys that another library has. */
export type Habits = Readonly<Record<string, string>>;

/**
 * What is wrong with an object of options as such: it is none, or has a key that does not exist. Shows no value of a key, which
 * may be a secret.
 */
export function optionProblems(given: unknown, at: string, known: readonly string[], habits: Habits = {}): Problem[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return [{ at, got: shown(given, 60), rule: 'it is an object', fix: `pass an object of ${known.join(', ')}` }];
  }
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearest(key, known);
      const habit = Object.hasOwn(habits, key) ? habits[key] : undefined;
      if (habit !== undefined)
        return { at: `${at}.${key}`, got: 'a key of another library', rule: 'every key is known', fix: habit };
      const fix = near === undefined ? `use one of ${known.join(', ')}` : `write ${near}, the nearest key`;
      return { at: `${at}.${shown(key, 60).slice(1, -1)}`, got: 'a key that does not exist', rule: 'every key is known', fix };
    });
}

/** @throws a MeterbridgeError of this code, with all of `optionProblems` */
export function checkKeys(code: ErrorCode, given: unknown, at: string, known: readonly string[], habits?: Habits): void {
  const problems = optionProblems(given, at, known, habits);
  if (problems.length > 0) throw new MeterbridgeError(code, problems);
}
