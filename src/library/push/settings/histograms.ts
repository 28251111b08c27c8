/**
 * Which buckets are sent of a histogram that has both: the option `histograms` and
 * `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` (OpenTelemetry specification, "Metrics Exporters: OTLP", "Additional
 * Environment Variable Configuration"). Others have the buckets that their contract declares.
 */
import type { Problem } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import type { Histograms } from '../../../core/store/index.ts';
import { type Environment, text, type Warn } from './environment.ts';

const variable = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION';
const known: Readonly<Record<string, Histograms>> = {
  explicit_bucket_histogram: 'explicit',
  base2_exponential_bucket_histogram: 'exponential',
};

/** The option overrides the variable. An unreadable variable is logged and ignored. */
export function resolveHistograms(option: unknown, env: Environment, problems: Problem[], warn: Warn): Histograms {
  const fromEnv = text(env, variable);
  const named = fromEnv === undefined ? undefined : known[fromEnv];
  if (fromEnv !== undefined && named === undefined) {
    warn(`${variable}: got ${JSON.stringify(fromEnv)}; known are ${Object.keys(known).join(', ')}. It is ignored.`);
  }
  if (option === undefined) return named ?? 'exponential';
  if (option === 'exponential' || option === 'explicit') return option;
  const rule = "it must be 'exponential' or 'explicit'";
  problems.push({ at: 'push.histograms', got: shown(option), rule, fix: 'correct it, or leave it out' });
  return 'exponential';
}
