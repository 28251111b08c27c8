/** Families and labels that come beside those of a contract, whichever it is. */

import { selfContract } from '../../../core/self/contract.ts';
import { promClientNames } from '../../../library/runtime-metrics/prom-client-names.ts';
import { semconvNames } from '../../../library/runtime-metrics/semconv-names.ts';

/** From OpenTelemetry's exporters, and from a Prometheus that is asked for what it has scraped. */
const families = new Set(['target_info', 'otel_scope_info', 'up']);
const scraped = 'scrape_';

/**
 * What client libraries register about the runtime, or about their own endpoint, without being asked: those for Go, Node.js,
 * Python, Java, .NET, Ruby, Erlang and PHP, and OpenTelemetry's instrumentations of runtimes. Their lists grow with each version,
 * so the first word decides.
 */
const runtimes: ReadonlySet<string> = new Set([
  ...['process', 'go', 'promhttp', 'nodejs', 'v8js', 'python', 'cpython', 'jvm', 'dotnet', 'ruby', 'erlang', 'php'],
]);

const ours: ReadonlySet<string> = new Set(
  [semconvNames, promClientNames, selfContract].flatMap(({ metrics }) => Object.values(metrics).map(({ series }) => series)),
);

export function isKnownFamily(name: string): boolean {
  return families.has(name) || name.startsWith(scraped) || ours.has(name);
}

/** A family of the program's runtime, for whoever has no names of their own that begin so. */
export function isRuntimeFamily(name: string): boolean {
  const end = name.indexOf('_');
  return end > 0 && runtimes.has(name.slice(0, end));
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
