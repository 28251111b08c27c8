/** The values that callbacks report: a number, or a whole histogram or summary. */
import type { Metric } from '../../../core/contract/metric.ts';
import { areCounts, countRule, isCount, writeHistogram, writeSummary } from '../../../core/store/index.ts';
import type { Family } from '../../../core/store/store.ts';
import type { LabelsIn } from '../../series/label-rules/read-labels.ts';
import type { HistogramValue, SummaryValue } from '../recorder-types.ts';

export type Value = number | HistogramValue | SummaryValue;

export interface Observation {
  readonly value: Value;
  readonly labels: LabelsIn;
}

/** What a value of the metric is, in words. */
export function valueShape({ kind }: Metric): string {
  if (kind === 'histogram') return `a histogram is { counts, sum }, with one count for each bucket, and ${countRule}`;
  if (kind === 'summary') return `a summary is { count, sum }, and ${countRule}`;
  return kind === 'gauge'
    ? 'a gauge is a number'
    : `a ${kind} is a finite number${kind === 'counter' ? ' that is not negative' : ''}`;
}

export function zeroOf({ kind, bounds }: Metric): Value {
  if (kind === 'summary') return { count: 0, sum: 0 };
  return kind === 'histogram' ? { counts: [...bounds, 0].map(() => 0), sum: 0 } : 0;
}

function isComposite(metric: Metric): boolean {
  return metric.kind === 'histogram' || metric.kind === 'summary';
}

/** Undefined: it is no value of the metric. `accepts`: the rule of its numbers. */
export function checkedValue(metric: Metric, value: unknown, accepts: (value: unknown) => value is number): Value | undefined {
  // Observed values stay as they are, but -0 of a counter becomes 0.
  if (!isComposite(metric)) return accepts(value) ? (metric.kind === 'counter' ? value + 0 : value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const { count, counts, sum: total } = value as Partial<HistogramValue & SummaryValue>;
  if (!accepts(total)) return undefined;
  if (metric.kind === 'summary') return isCount(count) ? { count, sum: total } : undefined;
  if (!Array.isArray(counts) || counts.length !== metric.bounds.length + 1 || !areCounts(counts)) return undefined;
  return { counts: [...counts], sum: total };
}

export function sum(a: Value, b: Value): Value {
  if (typeof a === 'number' || typeof b === 'number') return (a as number) + (b as number);
  if ('count' in a && 'count' in b) return { count: a.count + b.count, sum: a.sum + b.sum };
  const [one, other] = [a as HistogramValue, b as HistogramValue];
  return { counts: one.counts.map((count, at) => count + (other.counts[at] as number)), sum: one.sum + other.sum };
}

/** Returns whether a total fell, which means that its source restarted. Never for a new row. */
export function writeValue(family: Family, row: number, value: Value): boolean {
  const { cells, stride, spec, rowLayout } = family;
  const at = row * stride;
  if (typeof value === 'number') {
    const fell = spec.kind === 'counter' && value < (cells[at] as number);
    cells[at] = value;
    return fell;
  }
  if (rowLayout.form !== 'histogram' && rowLayout.form !== 'summary') return false;
  // Values are not negative, so that a sum falls with its source alone.
  const sumFell = value.sum < (cells[at + rowLayout.sum] as number);
  const countFell =
    rowLayout.form === 'histogram'
      ? writeHistogram(rowLayout, cells, at, (value as HistogramValue).counts, value.sum)
      : writeSummary(rowLayout, cells, at, (value as SummaryValue).count, value.sum);
  return sumFell || countFell;
}
