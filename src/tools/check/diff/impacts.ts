/**
 * What each change does to PromQL expressions: the one table from which diffs, reports and the documentation take impact and
 * reason. The decisions follow from PromQL: a matcher finds series by name and exact label value, binary operators match all
 * labels, `rate()` takes every fall of a value for a restart, and `histogram_quantile()` reads `le`.
 */
import type { ChangedField, Impact } from './impact-row.ts';
import { metricImpacts } from './metric-impacts.ts';
import { seriesImpacts } from './series-impacts.ts';

export type { ChangedField, Impact } from './impact-row.ts';

export interface ImpactRule {
  readonly field: ChangedField;
  readonly impact: Impact;
  /** One sentence. `{factor}` stands for the factor between two units. */
  readonly reason: string;
  /** Whether a live endpoint's page shows it. What it cannot show is not compared with one. */
  readonly page: boolean;
}

const rows = { ...metricImpacts, ...seriesImpacts };

export type ImpactRuleId = keyof typeof rows;

export const impacts: Readonly<Record<ImpactRuleId, ImpactRule>> = Object.freeze(
  Object.fromEntries(
    Object.entries(rows).map(([id, [field, impact, page, reason]]) => [id, Object.freeze({ field, impact, page, reason })]),
  ) as Record<ImpactRuleId, ImpactRule>,
);
