/** Which pages may be long, and why. */

/** A reader looks one entry up here, and never reads from top to bottom. */
export const references: Readonly<Record<string, string>> = {
  'docs/api.md': 'each exported name',
  'docs/collector-components.md': 'each key of each component of the service',
  'docs/collector-differences.md': 'each difference between the service and a Collector',
  'docs/errors.md': 'each error code',
  'docs/limits-reference.md': 'each limit with its test',
  'bench/RESULTS.md': 'each figure of the benchmarks',
  'docs/recipes.md': 'whole programs, each by itself',
};

/** Pages that a command writes as a whole; their words are those of the code's comments. */
export const written: readonly string[] = ['docs/api.md'];

/** Pages that their owners have not edited yet: they may be long, and have words of our own. This list has to become empty. */
export const unedited: readonly string[] = [];
