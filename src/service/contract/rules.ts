/** What a contract says of one metric, in the form in which a batch is checked. */
import { kindFits } from '../../core/contract/fits.ts';
import type { Contract, Metric } from '../../core/contract/index.ts';
import { shown } from '../../core/errors/shown.ts';
import type { Kind } from '../../core/naming/index.ts';
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, metricType } from '../../formats/otlp/batch/batch-index.ts';
import { hasBounds } from '../../formats/otlp/batch/batch-values.ts';
import { stringIn } from '../../formats/otlp/wire/read-message.ts';
import type { Memos } from '../processors/rewrite/memos.ts';
import type { Broken } from './broken.ts';
import { labelTest } from './label-test.ts';
import type { Parameters } from './parameters.ts';

export interface Rule {
  /** Of the metric as a whole. */
  metric(batch: Batch, m: number): Broken | undefined;
  /** Of one of its points. Absent: there is none. */
  readonly point: ((batch: Batch, p: number) => Broken | undefined) | undefined;
}

function ruleOf(metric: Metric, memos: Memos, parameters: Parameters): Rule {
  const fits = typeTest(metric);
  const value = labelTest(metric, memos, parameters);
  const bounds = metric.bounds.length === 0 ? undefined : metric.bounds;
  const unit = Buffer.from(metric.unit);
  return Object.freeze({
    metric({ bytes, index }: Batch, m: number): Broken | undefined {
      if (!fits(index[m + metricAt.type] as number, index[m + metricAt.monotonic] === 1))
        return { reason: 'wrong_type', what: `it is no ${metric.kind}` };
      const [from, to] = [index[m + metricAt.unitFrom] as number, index[m + metricAt.unitTo] as number];
      if (to - from === unit.length && unit.equals(bytes.subarray(from, to))) return undefined;
      return { reason: 'wrong_unit', what: `its unit is ${shown(stringIn(bytes, from, to))}, not ${shown(metric.unit)}` };
    },
    point:
      bounds === undefined && value === undefined
        ? undefined
        : (batch: Batch, p: number): Broken | undefined => {
            if (bounds !== undefined && !hasBounds(batch, p, bounds))
              return { reason: 'wrong_bounds', what: `its bounds are not ${bounds.join(', ')}` };
            return value?.(batch, p);
          },
  });
}

/** What each type of OTLP is in a contract. */
const kindsOf: readonly (readonly [type: number, monotonic: boolean | undefined, kind: Kind])[] = [
  [metricType.sum, true, 'counter'],
  [metricType.sum, false, 'updowncounter'],
  [metricType.gauge, undefined, 'gauge'],
  [metricType.histogram, undefined, 'histogram'],
  [metricType.exponentialHistogram, undefined, 'histogram'],
  [metricType.summary, undefined, 'summary'],
];

/** Decided for every type ahead, as each metric of each batch is tested. */
function typeTest(metric: Metric): (type: number, monotonic: boolean) => boolean {
  const fitting = kindsOf.filter(([type, , kind]) => kindFits(metric, kind) && hasForm(metric, type));
  const whole = new Set(fitting.flatMap(([type, monotonic]) => (monotonic === false ? [] : [type])));
  const others = new Set(fitting.flatMap(([type, monotonic]) => (monotonic === true ? [] : [type])));
  return (type, monotonic) => (monotonic ? whole : others).has(type);
}

/** A histogram has bounds, exponential buckets, or both, and comes in the forms that it has. */
function hasForm({ kind, bounds, exponential }: Metric, type: number): boolean {
  if (kind !== 'histogram') return true;
  return type === metricType.exponentialHistogram ? exponential !== undefined : bounds.length > 0;
}

/** By the name that OTLP carries. */
export function rulesOf({ metrics }: Contract, memos: Memos, parameters: Parameters): ReadonlyMap<string, Rule> {
  return new Map(Object.values(metrics).map((metric) => [metric.instrument, ruleOf(metric, memos, parameters)]));
}
