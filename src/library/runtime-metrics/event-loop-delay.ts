/** How late the event loop runs, from Node's own monitor. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { HistogramValue } from '../recording/index.ts';

/** Upper bounds of the histogram, in seconds. */
export const delayBounds: readonly number[] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Node's monitor waits so long between two samples, in milliseconds, and each sample includes it. */
const resolutionMs = 10;
const nanos = 1e9;

/**
 * In seconds, of the samples since the previous reading. A sample is the time between two runs of a 10 ms timer, as in
 * prom-client.
 */
export interface DelaySummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

export interface EventLoopDelay {
  /** The summary since the last reading that had samples; undefined before the first sample. */
  read(): DelaySummary | undefined;
  /** Since the start, by bucket: how late each run of the timer was, without the 10 ms. */
  histogram(): HistogramValue;
  stop(): void;
}

export function watchEventLoopDelay(): EventLoopDelay {
  // Node drops the first sample after a reset, so the histogram has a monitor that is never reset.
  const recent = monitorEventLoopDelay({ resolution: resolutionMs });
  const all = monitorEventLoopDelay({ resolution: resolutionMs });
  recent.enable();
  all.enable();
  let last: DelaySummary | undefined;

  return {
    read() {
      if (recent.count === 0) return last;
      const percentile = (p: number) => recent.percentile(p) / nanos;
      last = {
        min: recent.min / nanos,
        max: recent.max / nanos,
        mean: recent.mean / nanos,
        stddev: recent.stddev / nanos,
        p50: percentile(50),
        p90: percentile(90),
        p99: percentile(99),
      };
      recent.reset();
      return last;
    },
    histogram: () => lateness(all),
    stop() {
      recent.disable();
      all.disable();
    },
  };
}

function lateness(samples: ReturnType<typeof monitorEventLoopDelay>): HistogramValue {
  const { count } = samples;
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / nanos - resolutionMs / 1_000);
  let below = 0;
  const counts = delayBounds.map((bound) => {
    const upTo = atMost((nth) => late(samples.percentile((100 * nth) / count)) <= bound, below, count);
    const inBucket = upTo - below;
    below = upTo;
    return inBucket;
  });
  return { counts: [...counts, count - below], sum: count === 0 ? 0 : late(samples.mean) * count };
}

/** The largest n of those from `low` to `high` that `holds`, where it holds for all smaller ones. It is not asked about `low`. */
function atMost(holds: (n: number) => boolean, low: number, high: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (holds(middle)) from = middle;
    else to = middle - 1;
  }
  return from;
}
