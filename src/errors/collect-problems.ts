import { MeterbridgeError, type Problem } from './error.ts';

/**
 * For a configuration that reports all its problems at once: what `make` gives, or undefined with the problems of what it threw added to
 * the list. Other errors come through.
 */
export function collectProblems<T>(problems: Problem[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MeterbridgeError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
