import { MeterbridgeError, type Problem } from './error.ts';

/**
 * For a configuration that reports all its problems at once: returns the result of `make`. If that throws a `MeterbridgeError`,
 * adds its problems to the list and returns undefined. Rethrows other errors.
 */
export function collectProblems<T>(problems: Problem[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!MeterbridgeError.is(error)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
