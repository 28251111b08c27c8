/** A complete contract as JSON, with every default, in the shape of `contract.schema.json`. */
import type { Kind } from '../naming/kind.ts';
import type { Across, ConstantLabels, Contract, Exponential, Label, Metric, Stability, TextCounters } from './metric.ts';

export type LabelJson =
  | { readonly kind: 'closed'; readonly values: readonly string[] }
  | {
      readonly kind: 'capped' | 'identity';
      readonly limit: number;
      readonly other: string;
      readonly maxBytes: number;
      readonly optional?: true;
    };

/** A parameter is without its value, which is a program's and not the contract's. */
export type ConstantLabelJson = string | { readonly kind: 'parameter'; readonly value?: string };

export interface MetricJson {
  readonly kind: Kind;
  readonly observed: boolean;
  readonly instrument: string;
  readonly series: string;
  /** Only where true. */
  readonly verbatim?: true;
  readonly unit: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelJson>>;
  /** Only histograms with bounds. */
  readonly bounds?: readonly number[];
  /** Only histograms with exponential buckets. */
  readonly exponential?: Exponential;
  /** Only histograms. */
  readonly minMax?: boolean;
  /** Only summaries of endpoints that Meterbridge does not write. */
  readonly quantiles?: readonly number[];
  /** Only summaries that are counters in text 0.0.4. */
  readonly counters?: TextCounters;
  readonly zeroFilled: boolean;
  readonly omitEmpty: boolean;
  readonly exemplars: boolean;
  readonly unknownStart: boolean;
  /** Only gauges and up-down counters. */
  readonly across?: Across;
  readonly constantLabels: Readonly<Record<string, ConstantLabelJson>>;
  readonly deprecated?: string;
  readonly stability: Stability;
}

export interface ContractJson {
  readonly name: string;
  readonly defaultFormat: 'openmetrics' | 'text';
  /** Milliseconds; null: no limit, because JSON has no infinity. */
  readonly maxAgeMs: number | null;
  readonly accepts: Readonly<Record<string, readonly string[]>>;
  readonly metrics: Readonly<Record<string, MetricJson>>;
}

/** The contract as plain JSON data. `fromJson` reads it back to an equal contract. */
export function toJson(contract: Contract): ContractJson {
  const { name, defaultFormat, maxAgeMs, accepts } = contract;
  const metrics = Object.entries(contract.metrics).map(([key, metric]) => [key, metricToJson(metric)] as const);
  return {
    name,
    defaultFormat,
    maxAgeMs: Number.isFinite(maxAgeMs) ? maxAgeMs : null,
    accepts,
    metrics: Object.fromEntries(metrics),
  };
}

/** The metric as plain JSON data. */
export function metricToJson(metric: Metric): MetricJson {
  const { kind, observed, instrument, series, unit, help, zeroFilled, omitEmpty, exemplars, unknownStart } = metric;
  return {
    kind,
    observed,
    instrument,
    series,
    ...(metric.verbatim === true && { verbatim: true as const }),
    unit,
    help,
    labels: labelsToJson(metric.labels),
    ...(metric.bounds.length > 0 && { bounds: metric.bounds }),
    ...(metric.exponential !== undefined && { exponential: metric.exponential }),
    ...(kind === 'histogram' && { minMax: metric.minMax }),
    ...(metric.quantiles !== undefined && { quantiles: metric.quantiles }),
    ...(metric.counters !== undefined && { counters: metric.counters }),
    zeroFilled,
    omitEmpty,
    exemplars,
    unknownStart,
    ...(metric.across !== undefined && { across: metric.across }),
    constantLabels: constantToJson(metric.constantLabels),
    ...(metric.deprecated !== undefined && { deprecated: metric.deprecated }),
    stability: metric.stability,
  };
}

/** Labels in the order of their declaration, without `fold`, which JSON cannot express. */
export function labelsToJson(labels: Readonly<Record<string, Label>>): Readonly<Record<string, LabelJson>> {
  return Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, labelToJson(label)]));
}

function constantToJson(labels: ConstantLabels): MetricJson['constantLabels'] {
  return Object.fromEntries(
    Object.entries(labels).map(([name, label]) => [name, typeof label === 'string' ? label : { kind: 'parameter' as const }]),
  );
}

function labelToJson(label: Label): LabelJson {
  if (label.kind === 'closed') return { kind: 'closed', values: label.values };
  const { kind, limit, other, maxBytes, optional } = label;
  return { kind, limit, other, maxBytes, ...(optional && { optional }) };
}
