/**
 * Batches of OTLP as what `check` reads: families under the names that a Collector's `prometheus` exporter gives them by default,
 * and findings.
 */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import { metricNode } from '../../../formats/otlp/batch/batch-tree.ts';
import { pointsOf, walk } from '../../../formats/otlp/batch/walk.ts';
import { labelTexts } from '../../../service/received/names/index.ts';
import type { CheckFinding } from '../finding.ts';
import type { Observed } from '../observed.ts';
import { createKnownMetrics } from './known-metrics.ts';
import { checkMetric } from './metrics.ts';
import { createOrigins, type Origin } from './origins.ts';
import { createReport, type Report } from './report.ts';
import { createStreams } from './streams.ts';

/** What was read of OTLP. */
export interface OtlpRead {
  readonly observed: Observed;
  readonly findings: readonly CheckFinding[];
  /**
   * The newest value of each sample as the process's own page in text has it, by `seriesKey`: deltas added up, buckets
   * cumulative, without `job`, `instance` and scope labels. What its sender has marked as gone is not in it.
   */
  readonly values: ReadonlyMap<string, number>;
}

export interface OtlpObserver {
  readonly report: Report;
  /** @param line of the source, from 1 */
  take(batch: Batch, line?: number): void;
  /** @param bytes of the source, as read */
  end(bytes: number): OtlpRead;
}

/** @param source as in findings: a file's path, or `standard input` */
export function createOtlpObserver(source: string): OtlpObserver {
  const report = createReport(source);
  const streams = createStreams(report);
  const origins = createOrigins(report);
  const metrics = createKnownMetrics(report);
  let samples = 0;

  function takeMetric(batch: Batch, m: number, s: number, origin: Origin, line: number | undefined): void {
    const metric = metricNode(batch, m);
    const { name, type, temporality, monotonic } = metric;
    const known = metrics.of(batch, s, m, metric, origin.target, line);
    const family = known?.claimed.name;
    checkMetric(report, metric, family, line);
    if (known === undefined || family === undefined) return;
    const atHand = { number: known.number, name, family, line, type, temporality, monotonic };
    const { bytes, index } = batch;
    for (const point of pointsOf(batch, m)) {
      samples++;
      const labels = labelTexts(known.labels(bytes, index[point + pointAt.attributesFrom], index[point + pointAt.attributesTo]));
      const taken = streams.take(batch, point, origin.name, atHand, labels);
      if (taken !== undefined) known.tally.take(metric, labels, taken);
    }
  }

  return Object.freeze<OtlpObserver>({
    report,
    take(batch, line) {
      if (batch.rejected > 0) report.add('otlp-point', '', `${batch.rejected} points rejected: ${batch.why}`, { line });
      let origin: Origin | undefined;
      walk(batch, {
        resource(r) {
          origin = origins.of(batch, r, line);
          return origin !== undefined;
        },
        metric: (m, s) => takeMetric(batch, m, s, origin as Origin, line),
      });
    },
    end(bytes) {
      const values = streams.values();
      const families = new Map(metrics.families().map((family) => [family.name, family]));
      const observed: Observed = Object.freeze({ source, format: 'otlp', families, samples, bytes });
      return Object.freeze({ observed, findings: report.findings, values });
    },
  });
}
