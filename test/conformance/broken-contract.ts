/** A drafted contract with one thing wrong in it, for each thing that can be wrong. */
import assert from 'node:assert/strict';
import { type Contract, fromJson } from '../../src/core/contract/index.ts';

interface MetricDocument {
  kind: string;
  unit?: string;
  instrument?: string;
  series?: string;
  verbatim?: boolean;
  bounds?: number[];
  labels?: Record<string, { kind: string; values?: string[]; limit?: number }>;
}

interface Document {
  readonly name: string;
  readonly accepts?: Record<string, readonly string[]>;
  readonly metrics: Record<string, MetricDocument>;
}

export interface Broken {
  readonly what: string;
  /** JSON. */
  readonly contract: string;
  /** What the report has to name: the rule's id, the family, and the place in the contract. */
  readonly names: readonly [id: string, family: string, place: string];
}

type Breaker = (metric: MetricDocument) => readonly [id: string, below: string] | undefined;

const labelOf = ({ labels = {} }: MetricDocument, kind?: string) =>
  Object.entries(labels).find(([, label]) => kind === undefined || label.kind === kind);

export const breakers = {
  unit(metric) {
    if (metric.unit === undefined || metric.unit === '') return undefined;
    metric.unit = metric.unit === 'm' ? 'V' : 'm';
    return ['contract-unit', '.unit'];
  },
  label(metric) {
    const [name, label] = labelOf(metric) ?? [];
    if (metric.labels === undefined || name === undefined || label === undefined) return undefined;
    delete metric.labels[name];
    metric.labels[`${name}x`] = label;
    return ['contract-label-unknown', '.labels'];
  },
  type(metric) {
    // A summary's name is made as a gauge's.
    if (metric.kind !== 'gauge') return undefined;
    metric.kind = 'summary';
    // Things that come and go are of gauges alone.
    for (const label of Object.values(metric.labels ?? {})) if (label.kind === 'identity') label.kind = 'capped';
    return ['contract-type', ''];
  },
  value(metric) {
    // A draft closes flags alone: whoever closes another set may forget a value.
    const [name] = labelOf(metric, 'closed') ?? labelOf(metric, 'capped') ?? [];
    if (metric.labels === undefined || name === undefined) return undefined;
    metric.labels[name] = { kind: 'closed', values: ['never-seen'] };
    return ['contract-value', `.labels.${name}`];
  },
  bounds(metric) {
    if (metric.bounds === undefined) return undefined;
    metric.bounds.push((metric.bounds.at(-1) ?? 0) + 1);
    return ['contract-bounds', '.bounds'];
  },
} as const satisfies Readonly<Record<string, Breaker>>;

export type Breaks = keyof typeof breakers | 'name';

/** Fails for a contract that has no metric of which the thing could be wrong. */
export function breakOne(json: string, what: Breaks): Broken {
  const { name, metrics }: Contract = fromJson(JSON.parse(json));
  for (const [key, { series, instrument, kind }] of Object.entries(metrics)) {
    const document = JSON.parse(json) as Document;
    const metric = document.metrics[key];
    assert.ok(metric);
    // Whatever else is changed, it is the same series.
    Object.assign(metric, { series, instrument, unit: metrics[key]?.unit, verbatim: true });
    const broken = what === 'name' ? rename(metric, name) : breakers[what](metric);
    if (broken === undefined || (what === 'name' && (!series.startsWith(`${name}_`) || kind !== 'counter'))) continue;
    // What is accepted belongs to the old name, or the old type.
    delete document.accepts?.[series];
    const [id, below] = broken;
    const place = what === 'name' ? `${name}.metrics` : `${name}.metrics.${key}${below}`;
    return { what, contract: JSON.stringify(document), names: [id, series, place] };
  }
  return assert.fail(`no metric whose ${what} could be wrong`);
}

function rename(metric: MetricDocument, name: string): readonly [string, string] {
  metric.series = `${name}_gone_total`;
  metric.instrument = `${name}.gone`;
  return ['contract-family-unknown', ''];
}
