/** Which pages may be long, and why. */

/** A reader looks one entry up here, and never reads from top to bottom. */
export const references: Readonly<Record<string, string>> = {
  'docs/collector-differences.md': 'each difference between the service and a Collector',
  'docs/limits-reference.md': 'each limit with its test',
  'bench/RESULTS.md': 'each figure of the benchmarks',
};

/** Pages that a command writes as a whole; their words are those of the code's comments. */
export const written: readonly string[] = ['docs/api.md'];
