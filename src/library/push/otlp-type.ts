/** The OTLP type of each kind, for both exporters. */
import type { Kind } from '../../core/naming/kind.ts';
import type { Histograms } from '../../core/store/index.ts';
import type { FamilySpec } from '../../core/store/store.ts';
import type { MetricHead } from '../../formats/otlp/index.ts';

export type OtlpType = Pick<MetricHead, 'type' | 'monotonic'>;

const gauge: OtlpType = { type: 'gauge', monotonic: false };

/**
 * The last four kinds follow the OpenTelemetry specification's "Prometheus and OpenMetrics Compatibility"; a gauge histogram has
 * no counterpart in OTLP and is left out.
 */
const types: Readonly<Record<Kind, OtlpType | undefined>> = {
  counter: { type: 'sum', monotonic: true },
  updowncounter: { type: 'sum', monotonic: false },
  gauge,
  histogram: { type: 'histogram', monotonic: false },
  summary: { type: 'summary', monotonic: false },
  info: gauge,
  unknown: gauge,
  stateset: gauge,
  gaugehistogram: undefined,
};

/** Undefined for a kind that OTLP cannot carry. `histograms`: which of a histogram that has bounds and exponential buckets. */
export function otlpTypeOf({ kind, bounds, exponential }: FamilySpec, histograms: Histograms): OtlpType | undefined {
  const type = types[kind];
  const isExponential = exponential !== undefined && (bounds === undefined || histograms === 'exponential');
  return type !== undefined && isExponential ? { ...type, type: 'exponentialHistogram' } : type;
}
