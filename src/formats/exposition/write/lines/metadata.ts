/** A family's `# HELP`, `# TYPE` and `# UNIT` lines. */
import { type Kind, type SeriesNames, textTypes, unitWord } from '../../../../core/naming/index.ts';
import type { FamilySpec } from '../../../../core/store/index.ts';
import type { TextFormat } from '../../format.ts';
import { escapeHelp, quotedName } from '../bytes/escape.ts';

/**
 * Beyond those of text. `info` and `stateset` go out as gauges with their labels, which is legal in both formats, unless they are
 * `typed`.
 */
const openMetricsTypes: Readonly<Partial<Record<Kind, string>>> = { unknown: 'unknown', gaugehistogram: 'gaugehistogram' };

/**
 * OpenMetrics: TYPE, UNIT, HELP, each naming the family. Text 0.0.4: HELP, TYPE, naming a counter with `_total`. An empty help
 * has no line.
 */
export function metadataText(spec: FamilySpec, names: SeriesNames, format: TextFormat): string {
  if (format === 'text' && spec.counters !== undefined) return counterMetadata(`${names.series}_sum`, spec.counters.sum);
  const name = format === 'openmetrics' ? names.openMetrics : names.series;
  const written = quotedName(name);
  const help = spec.help === '' ? '' : `# HELP ${written} ${escapeHelp(spec.help, format)}\n`;
  const type = `# TYPE ${written} ${typeOf(spec, names, format)}\n`;
  return format === 'openmetrics' ? type + unitLine(spec, name) + help : help + type;
}

/** Text 0.0.4, of one of the two counters that a summary is there (`FamilySpec.counters`). */
export function counterMetadata(name: string, help: string): string {
  return `# HELP ${quotedName(name)} ${escapeHelp(help, 'text')}\n# TYPE ${quotedName(name)} counter\n`;
}

/** OpenMetrics has no counter whose sample lacks `_total`: it is `unknown` there, as client_golang writes it. */
export function typeOf(spec: Typed, names: SeriesNames, format: TextFormat): string {
  const { kind } = spec;
  if (format === 'text') return textTypes[kind];
  if (kind === 'counter' && names.series === names.openMetrics) return 'unknown';
  return isTyped(spec, names) ? kind : (openMetricsTypes[kind] ?? textTypes[kind]);
}

type Typed = Pick<FamilySpec, 'kind' | 'typed'>;

/** Whether OpenMetrics has the type of an info or a stateset. An info whose name lacks `_info` is a gauge. */
export function isTyped({ kind, typed = false }: Typed, { series, openMetrics }: SeriesNames): boolean {
  return typed && (kind === 'stateset' || (kind === 'info' && series !== openMetrics));
}

function unitLine(spec: FamilySpec, name: string): string {
  const word = unitOf(spec, name);
  return word === '' ? '' : `# UNIT ${quotedName(name)} ${word}\n`;
}

/**
 * `''`: none. Only where the family's name in OpenMetrics ends in the unit, or a strict parser rejects it; info and stateset have
 * none.
 */
export function unitOf(spec: FamilySpec, name: string): string {
  const word = spec.kind === 'info' || spec.kind === 'stateset' ? '' : unitWord(spec.unit);
  return word !== '' && name.endsWith(`_${word}`) ? word : '';
}
