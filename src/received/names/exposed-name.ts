/** What a received metric is called and what type it has in Prometheus. */
import { escapes, familyName, type Kind, type Strategy, seriesNames } from '../../naming/index.ts';
import { attributeTexts } from './attribute-texts.ts';
import { readable } from './plain-label.ts';

/** A metric as its sender describes it. */
export interface ReceivedMetric {
  readonly name: string;
  /** UCUM, `''` for none. */
  readonly unit: string;
  readonly description: string;
  /** `Metric.data` of metrics.proto. */
  readonly type: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';
  /** Of sums. */
  readonly monotonic: boolean;
  /** `Metric.metadata`: its `KeyValue` fields, tag and length included, one behind the other. `prometheus.type` is looked for here. */
  readonly metadata: Uint8Array;
}

export interface Exposed {
  /** In text 0.0.4, a counter's with its suffix. `''`: nothing legal remains of the metric's name. */
  readonly name: string;
  readonly kind: Kind;
  /** Every name that its samples and metadata write in text 0.0.4 and protobuf. An OpenMetrics page itself keeps apart what is reserved there beyond. */
  readonly claims: readonly string[];
}

export function exposedName(head: ReceivedMetric, strategy: Strategy, namespace: string): Exposed {
  const kind = shownKind(head);
  const given = familyName({ name: head.name, unit: head.unit, kind: namingKind(head) }, strategy, namespace);
  const { series, claims } = plainNames(given, kind, strategy);
  return { name: series, kind, claims };
}

/** The names of a family that is called as it is exposed. */
export function plainNames(name: string, kind: Kind, strategy: Strategy): ReturnType<typeof seriesNames> {
  return seriesNames({ name, unit: '', kind }, 'NoTranslation', '', escapes(strategy) ? undefined : readable);
}

/** Suffixes follow the type in OTLP: a gauge of unknown type is still a gauge. */
function namingKind({ type, monotonic }: ReceivedMetric): Kind {
  if (type === 'sum') return monotonic ? 'counter' : 'updowncounter';
  return type === 'exponentialHistogram' ? 'histogram' : type;
}

/** As TYPE has it: a sum that falls is a gauge. */
function shownKind(head: ReceivedMetric): Kind {
  const kind = namingKind(head);
  if (kind !== 'gauge' && kind !== 'updowncounter') return kind;
  return isUnknown(head.metadata) ? 'unknown' : 'gauge';
}

/** Metadata `prometheus.type` (specification, "Prometheus and OpenMetrics Compatibility", "Gauges"; sums that are not monotonic follow). */
function isUnknown(metadata: Uint8Array): boolean {
  return metadata.length > 0 && attributeTexts(metadata).some(([key, value]) => key === 'prometheus.type' && value === 'unknown');
}
