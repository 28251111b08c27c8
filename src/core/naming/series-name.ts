/** The names under which a family is exposed. */
import { familyName, type Named } from './family-name.ts';
import type { Kind } from './kind.ts';
import { openMetricsFamily, sampleNames, writtenNames } from './sample-names.ts';
import type { Strategy } from './strategy.ts';

export interface SeriesNames {
  /** The family's name in text 0.0.4, a counter's with `_total`. `''`: no legal name remains, the family is left out. */
  readonly series: string;
  /** The family's name in OpenMetrics. */
  readonly openMetrics: string;
  /** Every name that text 0.0.4 and protobuf write: no other family may write one of these. `series` is the first. */
  readonly claims: readonly string[];
  /** The names beyond `claims` that no other family may have in OpenMetrics, written or not: a counter's `x` and `x_created`. */
  readonly reserved: readonly string[];
}

/** `exposed`: names of a family that is exposed as it is. `typed`: an info is one in OpenMetrics. */
type Spec = Named & { readonly exposed?: Pick<SeriesNames, 'series' | 'openMetrics'>; readonly typed?: boolean };

/** `legal` makes of a name, once it is translated, what is written. */
export function seriesNames(spec: Spec, strategy: Strategy, namespace: string, legal = legalName): SeriesNames {
  const { kind, exposed, typed } = spec;
  if (exposed !== undefined) return withNames(exposed.series, exposed.openMetrics, kind);
  const series = legal(familyName({ name: spec.name, unit: spec.unit, kind }, strategy, namespace));
  if (series === '') return { series, openMetrics: '', claims: [], reserved: [] };
  return withNames(series, openMetricsFamily(series, kind, typed), kind);
}

/** Every name is made legal, as for a scraper that did not request UTF-8. */
export function legalName(name: string): string {
  const escaped = name.replace(/[^a-zA-Z0-9_:]/gu, '_');
  return /^[0-9]/.test(escaped) ? `_${escaped}` : escaped;
}

/** A counter that is `unknown` in OpenMetrics has one name. */
function withNames(series: string, openMetrics: string, kind: Kind): SeriesNames {
  const claims = writtenNames(series, kind);
  if (kind === 'counter' && series === openMetrics) return { series, openMetrics, claims, reserved: [] };
  const reserved = [openMetrics, ...sampleNames(series, kind)].filter((name) => !claims.includes(name));
  return { series, openMetrics, claims, reserved };
}
