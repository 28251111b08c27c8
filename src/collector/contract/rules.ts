/** What a contract says of one metric, in the form in which a batch is checked. */
import type { ClosedLabel, Contract, Metric } from '../../contract/index.ts';
import { shown } from '../../errors/shown.ts';
import type { Batch } from '../../otlp/batch/batch.ts';
import { metricAt, metricType, pointAt } from '../../otlp/batch/batch-index.ts';
import { hasBounds } from '../../otlp/batch/batch-values.ts';
import { stringIn } from '../../otlp/wire/read-message.ts';
import { attributeTexts } from '../../received/names/attribute-texts.ts';
import type { Memos } from '../processors/rewrite/memos.ts';

/** Reasons that are logged, once for each producer. */
export const reasons = ['unknown_name', 'wrong_type', 'wrong_unit', 'wrong_bounds', 'value_outside'] as const;
export type Reason = (typeof reasons)[number];

export interface Broken {
  readonly reason: Reason;
  /** A clause: what was received, and what the contract declares. */
  readonly what: string;
}

export interface Rule {
  /** Of the metric as a whole. */
  metric(batch: Batch, m: number): Broken | undefined;
  /** Of one of its points. Absent: there is none. */
  readonly point: ((batch: Batch, p: number) => Broken | undefined) | undefined;
}

function ruleOf(metric: Metric, memos: Memos): Rule {
  const fits = typeTest(metric);
  const closed = Object.entries(metric.labels).filter((entry): entry is [string, ClosedLabel] => entry[1].kind === 'closed');
  const value = closed.length === 0 ? undefined : valueTest(closed, memos);
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

/** Series of gauges and of up-down counters are the same. */
function typeTest({ kind, bounds, exponential }: Metric): (type: number, monotonic: boolean) => boolean {
  if (kind === 'counter') return (type, monotonic) => type === metricType.sum && monotonic;
  if (kind === 'gauge' || kind === 'updowncounter' || kind === 'info')
    return (type, monotonic) => type === metricType.gauge || (type === metricType.sum && !monotonic);
  if (kind === 'histogram')
    return (type) =>
      (type === metricType.histogram && bounds.length > 0) || (type === metricType.exponentialHistogram && exponential !== undefined);
  return kind === 'summary' ? (type) => type === metricType.summary : () => true;
}

/** Whether each closed label has one of its values; worked out once for equal attributes. */
function valueTest(closed: readonly (readonly [string, ClosedLabel])[], memos: Memos): (batch: Batch, p: number) => Broken | undefined {
  const firstOutside = (attributes: Uint8Array): number => {
    const given = new Map(attributeTexts(attributes));
    return closed.findIndex(([name, { values }]) => !values.includes(given.get(name) ?? ''));
  };
  const memo = memos.create((attributes) => Uint8Array.of(firstOutside(attributes) === -1 ? 1 : 0));
  return ({ bytes, view, index }, p) => {
    const [from, to] = [index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number];
    if (memo.flag(view, from, to)) return undefined;
    const attributes = bytes.slice(from, to);
    const [name, { values }] = closed[firstOutside(attributes)] as (typeof closed)[number];
    const got = new Map(attributeTexts(attributes)).get(name);
    return { reason: 'value_outside', what: `${name} is ${got === undefined ? 'absent' : shown(got)}, not one of ${values.join(', ')}` };
  };
}

/** By the name that OTLP carries. */
export function rulesOf({ metrics }: Contract, memos: Memos): ReadonlyMap<string, Rule> {
  return new Map(Object.values(metrics).map((metric) => [metric.instrument, ruleOf(metric, memos)]));
}
