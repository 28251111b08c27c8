/** How fast something grows, between this reading and an earlier one that is not too close. */

/** Readings closer than this are not compared: CPU times tick every 10 ms. Two scrapers at once also get sensible values so. */
const CLOSEST_MS = 1_000;

/** Takes a reading of `amount` and of what it is measured against, at a time in ms; undefined when no comparison is possible. */
export type Rate = (amount: number, over: number, at: number) => number | undefined;

/** The arguments are the reading to start from. */
export function createRate(amount: number, over: number, at: number): Rate {
  let base = { amount, over, at };
  let last = base;
  return function rate(amount, over, at) {
    if (at - last.at >= CLOSEST_MS) {
      base = last;
      last = { amount, over, at };
    }
    const span = over - base.over;
    return span > 0 ? Math.max(0, amount - base.amount) / span : undefined;
  };
}
