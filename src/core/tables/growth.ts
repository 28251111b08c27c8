/** How much a full buffer grows. */

/** From here on by an eighth, and not to the double. */
const large = 32_768;

/**
 * A million series by doubling: half of what was allocated may be of no use, and as much again is garbage after each growth. By
 * an eighth it is a sixteenth on average, for eight copies of each byte instead of one (some 80 ms in total for a million
 * series). `step` divides the result.
 */
export function grownFrom(size: number, step: number): number {
  return size < large ? size * 2 : Math.ceil((size * 1.125) / step) * step;
}
