/** The names under which a family is exposed. */
import { familyName, type Kind, openMetricsFamily, type Strategy, sampleNames } from '../../naming/index.ts';
import type { FamilySpec } from '../../store/index.ts';
import { legalNames } from './name-rules.ts';

export interface SeriesNames {
  /** The family's name in text 0.0.4, a counter's with `_total`. `''`: no legal name remains, the family is left out. */
  readonly series: string;
  /** The family's name in OpenMetrics. */
  readonly openMetrics: string;
  /** Every name that no other family may write. */
  readonly claims: readonly string[];
}

type Named = Pick<FamilySpec, 'name' | 'unit' | 'kind' | 'exposed'>;

/** `legal` makes of a name, once it is translated, what is written. */
export function seriesNames(spec: Named, strategy: Strategy, namespace: string, legal = legalNames.family): SeriesNames {
  const { kind, exposed } = spec;
  if (exposed !== undefined) return { ...exposed, claims: claimsOf(exposed.series, exposed.openMetrics, kind) };
  const series = legal(familyName({ name: spec.name, unit: spec.unit, kind }, strategy, namespace));
  if (series === '') return { series, openMetrics: '', claims: [] };
  const openMetrics = openMetricsFamily(series, kind);
  return { series, openMetrics, claims: claimsOf(series, openMetrics, kind) };
}

/** A counter that is `unknown` in OpenMetrics has one name. */
function claimsOf(series: string, openMetrics: string, kind: Kind): readonly string[] {
  if (kind === 'counter' && series === openMetrics) return [series];
  return [...new Set([...sampleNames(series, kind), series, openMetrics])];
}
