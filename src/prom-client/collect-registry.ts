/** Reads a registry at each collection. One that fails or is late keeps its last good values, as every source does. */
import type { CollectSource } from '../bridge/collecting.ts';
import { within } from '../node/within.ts';
import { readMetric } from './read-metric.ts';
import type { PromClientRegistry } from './registry.ts';
import type { Shown } from './shown.ts';

const late: unique symbol = Symbol('late');
/** As log lines call it. */
const families = ['the prom-client registry'];

export function collectRegistry(register: PromClientRegistry, shown: Shown): CollectSource {
  let running = false;

  async function read() {
    running = true;
    try {
      return await register.getMetricsAsJSON();
    } finally {
      running = false;
    }
  }

  return ({ timeoutMs, stopwatch, onCollect }) => {
    const from = stopwatch();
    const ended = (outcome: 'success' | 'failed' | 'late', error?: unknown) =>
      onCollect({ outcome, families, seconds: (stopwatch() - from) / 1_000, ...(error !== undefined && { error }) });
    // The metrics' own functions still run.
    if (running) return void ended('late');
    return within(read(), { ms: timeoutMs }, (): typeof late => late).then(
      (metrics) => {
        if (metrics === late) return ended('late');
        try {
          shown.replace(metrics.flatMap((metric) => readMetric(metric, register)));
        } catch (error) {
          return ended('failed', error);
        }
        ended('success');
      },
      (error: unknown) => ended('failed', error),
    );
  };
}
