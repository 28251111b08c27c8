/** Families and labels that come beside those of a contract, whichever it is. */

import { promClientNames } from '../../runtime-metrics/prom-client-names.ts';
import { semconvNames } from '../../runtime-metrics/semconv-names.ts';
import { selfContract } from '../../self/contract.ts';

/** From OpenTelemetry's exporters, and from a Prometheus that is asked for what it has scraped. */
const families = new Set(['target_info', 'otel_scope_info', 'up']);
const scraped = 'scrape_';

const ours: ReadonlySet<string> = new Set(
  [semconvNames, promClientNames, selfContract].flatMap(({ metrics }) => Object.values(metrics).map(({ series }) => series)),
);

export function isKnownFamily(name: string): boolean {
  return families.has(name) || name.startsWith(scraped) || ours.has(name);
}

/** What a Collector, or an OpenTelemetry exporter, puts beside the program's own. */
export function isAddedFamily(name: string): boolean {
  return name === 'target_info' || name === 'otel_scope_info';
}

/** What a Collector puts on every series: who pushed, and through which scope. */
export function isAddedLabel(name: string): boolean {
  return /^(job|instance|otel_scope_.*)$/.test(name);
}

/** Of series that OpenTelemetry's SDK adds up because a metric is full; they have no other labels. */
export const overflowLabel = 'otel_metric_overflow';

/** Who was scraped or has pushed, and through which scope. */
export function isTargetLabel(name: string): boolean {
  return /^(exported_)?(job|instance)$/.test(name) || name.startsWith('otel_scope_');
}
