/**
 * The preference of aggregation temporality, in the words of the OpenTelemetry specification ("Metrics Exporters: OTLP",
 * "Additional Environment Variable Configuration"): the option `temporality` and
 * `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
 */
import type { Problem } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import type { FamilyView } from '../../../core/store/store.ts';
import { type Environment, text, type Warn } from './environment.ts';
import type { Exporter } from './protocol.ts';

export type Temporality = 'cumulative' | 'delta' | 'lowmemory';

const known: readonly Temporality[] = ['cumulative', 'delta', 'lowmemory'];
const variable = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';

/**
 * Whether a family is pushed as deltas. Counters and histograms are; with `lowmemory` only recorded ones, because observed values
 * are totals already. Up-down counters never are. Gauges and summaries have no temporality.
 */
export function isDelta(family: FamilyView, preference: Temporality): boolean {
  const { kind } = family.spec;
  if (preference === 'cumulative' || (kind !== 'counter' && kind !== 'histogram')) return false;
  return preference === 'delta' || family.goodAt === Number.POSITIVE_INFINITY;
}

/** The option overrides the variable. An unreadable variable is logged and ignored. */
export function resolveTemporality(
  option: unknown,
  exporter: Exporter,
  env: Environment,
  problems: Problem[],
  warn: Warn,
): Temporality {
  const fromEnv = text(env, variable);
  const named = known.find((value) => value === fromEnv?.toLowerCase());
  const coded = known.find((value) => value === option);
  if (option !== undefined && coded === undefined) {
    const rule = `it must be '${known.join("', '")}'`;
    problems.push({ at: 'push.temporality', got: shown(option), rule, fix: 'correct it, or leave it out' });
  } else if (fromEnv !== undefined && coded !== undefined && coded !== named) {
    warn(`push.temporality is "${coded}", ${variable} is ${JSON.stringify(fromEnv)}: the option overrides the variable.`);
  } else if (fromEnv !== undefined && named === undefined) {
    warn(`${variable}: got ${JSON.stringify(fromEnv)}; known are ${known.join(', ')}. It is ignored.`);
  }
  const wanted = coded ?? named ?? 'cumulative';
  if (exporter === 'sdk' && wanted !== 'cumulative') {
    // The SDK's reader leaves temporality to its producers, and this producer has no baseline to count from.
    const rule = 'the stock exporter pushes with the temporality of bridge.producer, which is cumulative';
    const fix = "write push.exporter: 'meterbridge', which goes with either engine, or ask for cumulative";
    problems.push({ at: coded === undefined ? variable : 'push.temporality', got: JSON.stringify(wanted), rule, fix });
  }
  return wanted;
}
