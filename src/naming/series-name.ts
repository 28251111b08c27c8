/** The names under which a family is exposed. */
import { familyName, type Named } from './family-name.ts';
import type { Kind } from './kind.ts';
import { openMetricsFamily, sampleNames } from './sample-names.ts';
import type { Strategy } from './strategy.ts';

export interface SeriesNames {
  /** The family's name in text 0.0.4, a counter's with `_total`. `''`: no legal name remains, the family is left out. */
  readonly series: string;
  /** The family's name in OpenMetrics. */
  readonly openMetrics: string;
  /** Every name that no other family may write. */
  readonly claims: readonly string[];
}

/** `exposed`: names of a family that is exposed as it is. */
type Spec = Named & { readonly exposed?: Pick<SeriesNames, 'series' | 'openMetrics'> };

/** `legal` makes of a name, once it is translated, what is written. */
export function seriesNames(spec: Spec, strategy: Strategy, namespace: string, legal = legalName): SeriesNames {
  const { kind, exposed } = spec;
  if (exposed !== undefined) return { ...exposed, claims: claimsOf(exposed.series, exposed.openMetrics, kind) };
  const series = legal(familyName({ name: spec.name, unit: spec.unit, kind }, strategy, namespace));
  if (series === '') return { series, openMetrics: '', claims: [] };
  const openMetrics = openMetricsFamily(series, kind);
  return { series, openMetrics, claims: claimsOf(series, openMetrics, kind) };
}

/** Every name is made legal, as for a scraper that did not request UTF-8. */
export function legalName(name: string): string {
  const escaped = name.replace(/[^a-zA-Z0-9_:]/gu, '_');
  return /^[0-9]/.test(escaped) ? `_${escaped}` : escaped;
}

/** A counter that is `unknown` in OpenMetrics has one name. */
function claimsOf(series: string, openMetrics: string, kind: Kind): readonly string[] {
  if (kind === 'counter' && series === openMetrics) return [series];
  return [...new Set([...sampleNames(series, kind), series, openMetrics])];
}
