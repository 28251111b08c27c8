/** How fast counters rise. */
import type { Samples } from './samples.ts';

/** Longer than any pause between two requests, and short enough to see a change. */
const overMs = 10_000;

export interface Rates {
  /** Remembers the values of now. */
  note(samples: Samples): void;
  /** Of a counter over the last 10 s, a second; undefined for other series, and as long as there is nothing to compare. */
  of(series: string): number | undefined;
}

export function createRates(now: () => number = () => performance.now()): Rates {
  const seen: { readonly at: number; readonly samples: Samples }[] = [];
  return {
    note(samples) {
      const at = now();
      seen.push({ at, samples });
      while (seen.length > 2 && (seen[1]?.at ?? at) <= at - overMs) seen.shift();
    },
    of(series) {
      const [first, last] = [seen[0], seen.at(-1)];
      if (!/_(?:total|seconds_count)(?:\{|$)/.test(series) || first === undefined || last === undefined || last.at === first.at)
        return undefined;
      const value = last.samples.get(series);
      // A series that was not there yet has risen from 0.
      return value === undefined
        ? undefined
        : (Math.max(0, value - (first.samples.get(series) ?? 0)) * 1_000) / (last.at - first.at);
    },
  };
}
