/** Limits the size of a contract, so that its first exposition fits its limit and its problems fit a message. */
import type { Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import type { Contract, Label, Metric } from './metric.ts';

/** The most lines of all zero-filled metrics of a contract: at 200 bytes each they fill 4 MiB, the default limit of a scrape. */
const MOST_ZERO_LINES = 20_000;
/** Each takes a cell of every row. */
const MOST_BOUNDS = 1_000;
/** With more values than that, a label names things that come and go. */
export const MOST_VALUES = 10_000;

/** Undefined if there are not too many. */
export function tooMany(list: readonly unknown[], what: 'bounds' | 'quantiles' | 'values', at: string): Problem | undefined {
  const most = what === 'values' ? MOST_VALUES : MOST_BOUNDS;
  if (list.length <= most) return undefined;
  const fix = what === 'values' ? 'use identity(…) or capped(…)' : 'list fewer, with larger distances';
  return { at, got: `${list.length} ${what}`, rule: `there are at most ${most} ${what}`, fix };
}

/** Of a contract's histogram and of a view's; empty is right. */
export function boundsProblems(bounds: readonly unknown[], at: string): Problem[] {
  const many = tooMany(bounds, 'bounds', at);
  if (many !== undefined) return [many];
  return bounds.flatMap((bound, index) => {
    const before = (bounds[index - 1] ?? Number.NEGATIVE_INFINITY) as number;
    if (Number.isFinite(bound) && (bound as number) > before) return [];
    const rule = 'bounds are finite and strictly ascending (+Inf is added by itself)';
    return [{ at: `${at}[${index}]`, got: shown(bound), rule, fix: 'sort them and remove repetitions' }];
  });
}

/** 1,024 buckets take 8 kB per series; two, at the smallest scale, cover every double. */
const EXPONENTIAL_LIMITS = { maxSize: [2, 1_024], maxScale: [-10, 20], textBuckets: [2, 1_000] } as const;

/** Of a contract's exponential buckets and of a view's. */
export function exponentialProblems(key: keyof typeof EXPONENTIAL_LIMITS, given: unknown, at: string): Problem[] {
  const [least, most] = EXPONENTIAL_LIMITS[key];
  if (Number.isInteger(given) && (given as number) >= least && (given as number) <= most) return [];
  return [
    { at, got: shown(given), rule: `${key} is a whole number from ${least} to ${most}`, fix: 'correct it or leave it out' },
  ];
}

export function withoutBounds(at: string): Problem {
  const rule = 'a histogram has bounds; only the unit `s` has a default';
  return { at, got: 'none', rule, fix: 'list upper bounds in the unit of the metric, or give `exponential: {}`' };
}

/** Every combination of a zero-filled metric's closed sets is a series from the first scrape on. */
export function combinationProblems(contract: Contract, contractAt: string, isForeign: (metric: Metric) => boolean): Problem[] {
  const problems: Problem[] = [];
  const rule = `the zero-filled metrics of a contract come to at most ${MOST_ZERO_LINES} lines of a scrape, for each value of labels that are no closed sets`;
  let sum = 0;
  for (const [key, metric] of Object.entries(contract.metrics)) {
    // Meterbridge does not fill metrics of foreign endpoints.
    if (metric.zeroFilled !== true || isForeign(metric)) continue;
    const combinations = combinationsOf(metric);
    const lines = combinations * linesOf(metric);
    if (lines <= MOST_ZERO_LINES) sum += lines;
    else {
      const fix = 'list fewer values, use capped(…) or identity(…), or set `zeroFilled: false`';
      const at = `${contractAt}.metrics.${key}.labels`;
      problems.push({ at, got: `${shown(combinations)} combinations of ${shown(linesOf(metric))} lines`, rule, fix });
    }
  }
  if (sum <= MOST_ZERO_LINES) return problems;
  const fix = 'set `zeroFilled: false` for the largest, or declare several contracts';
  return [...problems, { at: `${contractAt}.metrics`, got: `${sum} lines`, rule, fix }];
}

function combinationsOf({ labels }: Metric): number {
  const closed = (Object.values(labels) as (Label | undefined)[]).map((label) =>
    label?.kind === 'closed' ? label.values.length : 1,
  );
  return closed.reduce((product, values) => product * values, 1);
}

/** Lines per series: a histogram has its buckets, including +Inf, count and sum. */
function linesOf({ kind, bounds, exponential }: Metric): number {
  if (kind === 'histogram')
    return exponential === undefined || bounds.length > 0 ? bounds.length + 3 : (exponential.textBuckets ?? 0) + 3;
  return kind === 'summary' ? 2 : 1;
}
