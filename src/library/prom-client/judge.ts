/**
 * Whether a series of a registry has a value at all: prom-client takes NaN as an increment, and a bound twice, whose lines then
 * do not add up.
 */
import { shown } from '../../core/errors/shown.ts';
import { areCounts, countRule, isCount, valueRule } from '../../core/store/index.ts';

/** Why a series is left out. */
export interface Wrong {
  readonly got: string;
  readonly rule: string;
  readonly fix: string;
}

interface Counts {
  readonly count: number;
  /** Of a histogram: its buckets, not cumulative. */
  readonly parts: readonly number[];
}

interface Labels {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Of its labels and of its value, in a line. */
const mostShown = 60;

const numberRules = { counter: valueRule('counter'), gauge: valueRule('gauge') };
const anyFix = 'correct what sets it';

export function judgeNumber(kind: 'counter' | 'gauge', value: number): Wrong | undefined {
  if (numberRules[kind](value)) return undefined;
  return { got: String(value), rule: `a ${kind} is a finite number that is not negative`, fix: anyFix };
}

/** The sum may be any number: prom-client takes negative values, and NaN. */
export function judgeDistribution(kind: 'histogram' | 'summary', { count, parts }: Counts): Wrong | undefined {
  if (kind === 'summary') return isCount(count) ? undefined : { got: `the count ${count}`, rule: countRule, fix: anyFix };
  if (areCounts(parts)) return undefined;
  return { got: `the buckets ${shown(parts, mostShown)}, not cumulative`, rule: countRule, fix: anyFix };
}

/** @param point of a line, as the registry has it: no number, or there twice */
export function wrongPoint(kind: 'histogram' | 'summary', point: unknown): Wrong {
  const [label, points, option] = kind === 'histogram' ? ['le', 'bounds', 'buckets'] : ['quantile', 'quantiles', 'percentiles'];
  const got = `${label}=${shown(String(point), mostShown)}`;
  return { got, rule: `the ${points} of a ${kind} are numbers, each there once`, fix: `give its ${option} other ${points}` };
}

/** The line for the first series of a metric. */
export function wrongLine(name: string, { names, values }: Labels, { got, rule, fix }: Wrong): string {
  const labels =
    names.length === 0 ? '' : ` ${shown(Object.fromEntries(names.map((label, at) => [label, values[at]])), mostShown)}`;
  return `${name}${labels}: this series of the prom-client registry is left out: got ${got}; ${rule}; further ones are only counted. Fix: ${fix}`;
}
