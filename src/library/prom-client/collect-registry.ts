/**
 * Reads a registry at each collection. One that fails or is late keeps its last good values, as every source does; what comes
 * late is used.
 */
import { createReading, type Reading } from '../../core/node/reading.ts';
import type { CollectSource } from '../bridge/collecting.ts';
import { readMetric } from './read-metric.ts';
import type { PromClientRegistry } from './registry.ts';
import type { Shown } from './shown.ts';

/** As log lines call it. */
const families = ['the prom-client registry'];

export function collectRegistry(register: PromClientRegistry, shown: Shown): CollectSource {
  let underWay: Reading | undefined;

  return ({ timeoutMs, budgetMs, stopwatch, onCollect }) => {
    const from = stopwatch();

    function tell(outcome: 'success' | 'failed' | 'late', missed = false, error?: unknown): void {
      const seconds = (stopwatch() - from) / 1_000;
      onCollect({ outcome, families, seconds, ...(missed && { missed }), ...(error !== undefined && { error }) });
    }

    async function read(): Promise<void> {
      let failed: { readonly error: unknown } | undefined;
      try {
        const metrics = await register.getMetricsAsJSON();
        shown.replace(metrics.flatMap((metric) => readMetric(metric, register)));
      } catch (error) {
        failed = { error };
      }
      const missed = underWay?.missed;
      underWay = undefined;
      tell(failed === undefined ? 'success' : 'failed', missed, failed?.error);
    }

    // The functions of its metrics do not run twice at a time.
    underWay ??= createReading(read(), timeoutMs);
    const waiting = underWay.wait(budgetMs);
    return waiting === false ? void tell('late') : waiting.then((inTime) => (inTime ? undefined : tell('late')));
  };
}
