/** What a received metric is called and what type it has in Prometheus. */
import {
  addsSuffixes,
  escapes,
  familyName,
  infoSuffix,
  type Kind,
  type Strategy,
  seriesNames,
} from '../../../core/naming/index.ts';
import { attributeTexts } from './attribute-texts.ts';
import { plainLabel, readable, utf8Label } from './plain-label.ts';

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
  /**
   * `Metric.metadata`: its `KeyValue` fields, tag and length included, one behind the other. `prometheus.type` is looked for
   * here.
   */
  readonly metadata: Uint8Array;
}

export interface Exposed {
  /** In text 0.0.4, a counter's with its suffix. `''`: nothing legal remains of the metric's name. */
  readonly name: string;
  readonly kind: Kind;
  /**
   * Every name that its samples and metadata write in text 0.0.4 and protobuf. An OpenMetrics page itself keeps apart what is
   * reserved there beyond.
   */
  readonly claims: readonly string[];
}

export function exposedName(head: ReceivedMetric, strategy: Strategy, namespace: string): Exposed {
  const type = prometheusType(head);
  const given = familyName({ name: head.name, unit: head.unit, kind: namingKind(head) }, strategy, namespace);
  const wanted = type === 'info' && addsSuffixes(strategy) ? withInfo(given) : given;
  const kind = shownKind(head, type, wanted, strategy);
  const { series, claims } = plainNames(wanted, kind, strategy);
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

/** Specification: "a Prometheus Gauge with an additional `_info` name suffix MUST be produced" where a format has no info. */
function withInfo(name: string): string {
  return name === '' || name.endsWith(infoSuffix) ? name : name + infoSuffix;
}

/** As TYPE has it: a sum that falls is a gauge. An info or a stateset that OpenMetrics has no name for is one, too. */
function shownKind(head: ReceivedMetric, type: string | undefined, name: string, strategy: Strategy): Kind {
  const kind = namingKind(head);
  if (kind !== 'gauge' && kind !== 'updowncounter') return kind;
  if (type === 'unknown') return 'unknown';
  if (type === 'info' && name.endsWith(infoSuffix)) return 'info';
  return type === 'stateset' && isOwnLabel(name, head.name, strategy) ? 'stateset' : 'gauge';
}

/**
 * Whether the label with a stateset's states is called as its family, which OpenMetrics demands. Escaped, a colon stays in a name
 * alone.
 */
function isOwnLabel(family: string, metric: string, strategy: Strategy): boolean {
  const label = escapes(strategy) ? plainLabel(metric) : utf8Label(metric);
  return family === label && !family.includes(':');
}

/**
 * Metadata `prometheus.type`: what a receiver of expositions knows that OTLP's types do not say (specification, "Prometheus and
 * OpenMetrics Compatibility", "Gauges" and "Sums"). Of gauges and of sums that fall `unknown`, of the latter also `info` and
 * `stateset`.
 */
function prometheusType({ metadata, type, monotonic }: ReceivedMetric): string | undefined {
  if (metadata.length === 0) return undefined;
  const value = attributeTexts(metadata).find(([key]) => key === 'prometheus.type')?.[1];
  return value === 'unknown' || (type === 'sum' && !monotonic) ? value : undefined;
}
