/**
 * How instrument names become series names: the values of `translation_strategy` in the Collector's `prometheus` exporter, in
 * Prometheus' `otlp` section and in the OpenTelemetry specification. The first is the default everywhere.
 */
export const strategies = [
  'UnderscoreEscapingWithSuffixes',
  'UnderscoreEscapingWithoutSuffixes',
  'NoUTF8EscapingWithSuffixes',
  'NoTranslation',
] as const;

export type Strategy = (typeof strategies)[number];

export const defaultStrategy: Strategy = 'UnderscoreEscapingWithSuffixes';

/** Whether names are escaped to `[a-zA-Z_:][a-zA-Z0-9_:]*`. */
export function escapes(strategy: Strategy): boolean {
  return strategy === 'UnderscoreEscapingWithSuffixes' || strategy === 'UnderscoreEscapingWithoutSuffixes';
}

/** Whether the unit's word and the kind's suffix (`_total`, `_ratio`) are appended. */
export function addsSuffixes(strategy: Strategy): boolean {
  return strategy === 'UnderscoreEscapingWithSuffixes' || strategy === 'NoUTF8EscapingWithSuffixes';
}
