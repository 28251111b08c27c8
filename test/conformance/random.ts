/** A small seeded generator (mulberry32), so that a failed workload can be run again: its seed stands in the test's report. */

export interface Random {
  readonly seed: number;
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
}

/** @param seed default: `METERBRIDGE_SEED`, else another one each time */
export function random(seed = Number(process.env.METERBRIDGE_SEED ?? Math.floor(Math.random() * 2 ** 32))): Random {
  let state = seed | 0;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return Object.freeze({ seed, next, between, pick: <T>(from: readonly T[]) => from[between(0, from.length - 1)] as T });
}
