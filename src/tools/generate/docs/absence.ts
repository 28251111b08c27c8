/** When a family has no series, as its contract says. */
import type { Contract, Metric } from '../../../core/contract/index.ts';

/** For a table's cell. */
export function absence(metric: Metric): string {
  const when = metric.observed ? observed(metric) : recorded(metric);
  if (metric.across !== 'omit') return when;
  const across = 'in a scrape of several processes';
  return when === 'never' ? across : `${when}; ${across}`;
}

/** What holds for every metric that a callback reads, as a sentence; undefined where none is. */
export function absenceOfObserved({ metrics, maxAgeMs }: Contract): string | undefined {
  if (!Number.isFinite(maxAgeMs) || !Object.values(metrics).some((metric) => metric.observed)) return undefined;
  return `What a callback reads keeps its last values while readings fail, and is absent after ${maxAgeMs / 1_000} s of that.`;
}

function recorded({ kind, labels, zeroFilled }: Metric): string {
  if (zeroFilled) return 'never';
  if (kind === 'info') return 'until it is set';
  return Object.keys(labels).length === 0 ? 'until the first measurement' : 'each label set until its first measurement';
}

function observed({ zeroFilled }: Metric): string {
  return zeroFilled ? 'until it is first read' : 'where a reading has no value';
}
