/**
 * Measures the turns of a process's event loop from inside, in CPU time of its main thread: `node --import …/turn-meter.ts`, with
 * METERBRIDGE_TURNS as the file that gets a line for each long turn. What the garbage collector took is named apart. It costs a
 * turn about a microsecond.
 */
import { appendFileSync } from 'node:fs';
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

export interface Turn {
  /** When it ended, in ms since 1970. */
  readonly at: number;
  /** CPU time in ms, without what the garbage collector took. */
  readonly work: number;
  /** CPU time of the garbage collector in ms. */
  readonly garbage: number;
}

interface Measured {
  readonly from: number;
  readonly to: number;
  readonly cpu: number;
  /** Of the time from `from` to `to`, in which the loop did not wait. */
  readonly active: number;
}

/** Shorter ones are not written. */
const leastMs = 10;
/** The collector's times arrive this much later, at most. */
const collectedMs = 200;
/** A turn is in the file this much after its end. */
export const reportedMs = 3 * collectedMs;

if (isMainThread && process.env.METERBRIDGE_TURNS !== undefined) measure(process.env.METERBRIDGE_TURNS);

function measure(file: string): void {
  let turns: Measured[] = [];
  let collections: { readonly from: number; readonly ms: number }[] = [];
  let last = { at: performance.now(), cpu: cpuMs(), idle: performance.nodeTiming.idleTime };

  function turned(): void {
    // Unreferenced, it runs behind each turn's events, and does not keep the loop turning.
    setImmediate(turned).unref();
    const next = { at: performance.now(), cpu: cpuMs(), idle: performance.nodeTiming.idleTime };
    const cpu = next.cpu - last.cpu;
    if (cpu >= leastMs) turns.push({ from: last.at, to: next.at, cpu, active: next.at - last.at - (next.idle - last.idle) });
    last = next;
  }
  setImmediate(turned).unref();

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) collections.push({ from: startTime, ms: duration });
  }).observe({ entryTypes: ['gc'] });

  setInterval(() => {
    const before = performance.now() - collectedMs;
    const known = turns.filter(({ to }) => to < before);
    if (known.length > 0) appendFileSync(file, known.map((turn) => `${JSON.stringify(apart(turn, collections))}\n`).join(''));
    turns = turns.filter(({ to }) => to >= before);
    const since = Math.min(before, ...turns.map(({ from }) => from));
    collections = collections.filter(({ from }) => from >= since);
  }, collectedMs).unref();
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The collector's times are those of a clock: of them, it had the processor for the same share as the whole turn. */
function apart(
  { from, to, cpu, active }: Measured,
  collections: readonly { readonly from: number; readonly ms: number }[],
): Turn {
  const collected = collections.reduce((sum, one) => (one.from >= from && one.from < to ? sum + one.ms : sum), 0);
  const garbage = Math.min(cpu, collected * Math.min(1, cpu / Math.max(active, cpu)));
  return { at: performance.timeOrigin + to, work: cpu - garbage, garbage };
}
