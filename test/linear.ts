/**
 * Work on untrusted input takes time in proportion to its size: shown by growth, so that a slow machine changes nothing. What
 * eight times the input costs is measured in processor time, of which the least of several runs counts; the larger input is run
 * again only where the first run took too long.
 */
import assert from 'node:assert/strict';

const TIMES = 8;
/** Linear is 8, quadratic 64; both with what a run costs whatever its input. */
const MOST = 24;
const RUNS = 3;
/** In µs: a system may count processor time in ticks of this length. */
const TICK = 10_000;

/**
 * `make` builds an input of a size; only what it returns is measured.
 * @param size so big that quadratic work at eight times of it takes far longer than a quarter of a second (`MOST` ticks)
 */
export function assertLinear(make: (size: number) => () => unknown, size: number): void {
  const small = make(size);
  const once = leastOf(Array.from({ length: RUNS }, () => taken(small)));
  const larger = make(size * TIMES);
  let times = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS && times >= MOST; run++) times = Math.min(times, taken(larger) / once);
  assertFew(times);
}

/** The same of work that ends later. What else this process does meanwhile counts, too. */
export async function assertLinearLater(make: (size: number) => () => Promise<unknown>, size: number): Promise<void> {
  const small = make(size);
  const runs: number[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await takenLater(small));
  const once = leastOf(runs);
  const larger = make(size * TIMES);
  let times = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS && times >= MOST; run++) times = Math.min(times, (await takenLater(larger)) / once);
  assertFew(times);
}

const leastOf = (runs: readonly number[]): number => Math.max(TICK, Math.min(...runs));

function assertFew(times: number): void {
  assert.ok(times < MOST, `${TIMES} times the input takes ${times.toFixed(1)} times as long`);
}

function taken(run: () => unknown): number {
  const from = process.cpuUsage();
  run();
  return process.cpuUsage(from).user;
}

async function takenLater(run: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage();
  await run();
  return process.cpuUsage(from).user;
}

/** Twice the input: linear is 2, quadratic 4. */
const MOST_OF_TWICE = 3;
const LENGTH = 32_768;
/** In µs. Less than three times this is no turn of the event loop that others notice. */
const LEAST = 2 * TICK;
const RUNS_OF_TWICE = 15;

/**
 * The same of one text, 32,768 and 65,536 characters long. What `make` does itself is not measured, nor is the garbage that other
 * threads collect.
 */
export async function assertLinearIn(make: (length: number) => Promise<() => unknown> | (() => unknown)): Promise<void> {
  const measured = async (length: number): Promise<number> => {
    const run = await make(length);
    const from = process.threadCpuUsage();
    await run();
    return process.threadCpuUsage(from).user;
  };
  let once = Number.POSITIVE_INFINITY;
  let twice = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS_OF_TWICE; run++) {
    twice = Math.min(twice, await measured(2 * LENGTH));
    if (twice <= MOST_OF_TWICE * LEAST) return;
    once = Math.min(once, await measured(LENGTH));
    if (twice <= MOST_OF_TWICE * once) return;
  }
  assert.fail(`${2 * LENGTH} characters take ${twice / 1_000} ms of processor time, half of them ${once / 1_000}`);
}
