/** Which lines a row of a family has: the sample names and, for buckets and quantiles, the label that distinguishes them. */
import { isBareName, type SeriesNames } from '../../../../core/naming/index.ts';
import type { FamilySpec } from '../../../../core/store/index.ts';
import type { TextFormat } from '../../format.ts';
import { boundText } from '../bytes/bound-text.ts';
import { quotedName } from '../bytes/escape.ts';
import { counterMetadata } from './metadata.ts';

export interface LineShape {
  readonly name: string;
  /** `le="1.0"` or `quantile="0.5"`, behind the row's own labels. */
  readonly label?: string;
  /** Lines ahead of it: HELP and TYPE of its own. */
  readonly ahead?: string;
}

/** What a line begins with: up to its labels, or without any up to its value. A name in quotes is inside the braces. */
export function lineStart({ name, ahead = '' }: LineShape, hasLabels: boolean): string {
  if (isBareName(name)) return ahead + (hasLabels ? `${name}{` : name);
  return `${ahead}{${quotedName(name)}${hasLabels ? ',' : '}'}`;
}

/** `created`: with the line of when a row began, behind all others. */
export function lineShapes(spec: FamilySpec, names: SeriesNames, format: TextFormat, created = false): readonly LineShape[] {
  const lines = valueLines(spec, names, format);
  return created ? [...lines, { name: `${names.openMetrics}_created` }] : lines;
}

function valueLines(spec: FamilySpec, names: SeriesNames, format: TextFormat): readonly LineShape[] {
  const { series } = names;
  switch (spec.kind) {
    case 'histogram':
      return [...buckets(spec, series, format), ...totals(spec, series, format)];
    case 'gaugehistogram': {
      const g = format === 'openmetrics' ? 'g' : '';
      return [...buckets(spec, series, format), { name: `${series}_${g}sum` }, { name: `${series}_${g}count` }];
    }
    case 'summary':
      if (format === 'text' && spec.counters !== undefined) return counters(series, spec.counters);
      return [...quantiles(spec, series, format), { name: `${series}_sum` }, { name: `${series}_count` }];
    default:
      return [{ name: series }];
  }
}

function buckets(spec: FamilySpec, series: string, format: TextFormat): readonly LineShape[] {
  const bounds = [...(spec.bounds ?? []), Number.POSITIVE_INFINITY];
  const name = `${series}_bucket`;
  return bounds.map((bound) => ({ name, label: `le="${boundText(bound, format)}"` }));
}

/** The metadata of the first is the family's. */
function counters(series: string, help: NonNullable<FamilySpec['counters']>): readonly LineShape[] {
  const count = `${series}_count`;
  return [{ name: `${series}_sum` }, { name: count, ahead: counterMetadata(count, help.count) }];
}

function quantiles(spec: FamilySpec, series: string, format: TextFormat): readonly LineShape[] {
  return (spec.quantiles ?? []).map((quantile) => ({ name: series, label: `quantile="${boundText(quantile, format)}"` }));
}

/**
 * OpenMetrics: a histogram with a negative bound, or a range for negative values, has no `_sum`, since it could fall, and
 * `_count` is never without `_sum`. Text 0.0.4 has no such rule. A sum that is unknown is in neither.
 */
export function hasTotals(spec: FamilySpec, format: TextFormat): boolean {
  const mayFall = spec.exponential?.negative === true || (spec.bounds ?? []).some((bound) => bound < 0);
  return spec.noSum !== true && (format === 'text' || !mayFall);
}

/** Lines of a histogram that has both: sum and count. */
export const totalLines = 2;

function totals(spec: FamilySpec, series: string, format: TextFormat): readonly LineShape[] {
  const count = { name: `${series}_count` };
  if (hasTotals(spec, format)) return [{ name: `${series}_sum` }, count];
  return format === 'text' ? [count] : [];
}
