/** A family's `# HELP`, `# TYPE` and `# UNIT` lines. */
import { type Kind, type SeriesNames, unitWord } from '../../../naming/index.ts';
import type { FamilySpec } from '../../../store/index.ts';
import type { TextFormat } from '../../format.ts';
import { escapeHelp, quotedName } from '../bytes/escape.ts';

/** `info` and `stateset` go out as gauges with their labels, which is legal in both formats and needs no special sample names. */
const types: Readonly<Record<Kind, Readonly<Record<TextFormat, string>>>> = {
  counter: { openmetrics: 'counter', text: 'counter' },
  updowncounter: { openmetrics: 'gauge', text: 'gauge' },
  gauge: { openmetrics: 'gauge', text: 'gauge' },
  histogram: { openmetrics: 'histogram', text: 'histogram' },
  summary: { openmetrics: 'summary', text: 'summary' },
  info: { openmetrics: 'gauge', text: 'gauge' },
  unknown: { openmetrics: 'unknown', text: 'untyped' },
  stateset: { openmetrics: 'gauge', text: 'gauge' },
  gaugehistogram: { openmetrics: 'gaugehistogram', text: 'histogram' },
};

/** OpenMetrics: TYPE, UNIT, HELP, each naming the family. Text 0.0.4: HELP, TYPE, naming a counter with `_total`. An empty help has no line. */
export function metadataText(spec: FamilySpec, names: SeriesNames, format: TextFormat): string {
  const name = format === 'openmetrics' ? names.openMetrics : names.series;
  const written = quotedName(name);
  const help = spec.help === '' ? '' : `# HELP ${written} ${escapeHelp(spec.help, format)}\n`;
  const type = `# TYPE ${written} ${typeOf(spec.kind, names, format)}\n`;
  return format === 'openmetrics' ? type + unitLine(spec, name) + help : help + type;
}

/** OpenMetrics has no counter whose sample lacks `_total`: it is `unknown` there, as client_golang writes it. */
export function typeOf(kind: Kind, names: SeriesNames, format: TextFormat): string {
  const nameless = kind === 'counter' && names.series === names.openMetrics;
  return nameless && format === 'openmetrics' ? types.unknown.openmetrics : types[kind][format];
}

function unitLine(spec: FamilySpec, name: string): string {
  const word = unitOf(spec, name);
  return word === '' ? '' : `# UNIT ${quotedName(name)} ${word}\n`;
}

/** `''`: none. Only where the family's name in OpenMetrics ends in the unit, or a strict parser rejects it; info and stateset have none. */
export function unitOf(spec: FamilySpec, name: string): string {
  const word = spec.kind === 'info' || spec.kind === 'stateset' ? '' : unitWord(spec.unit);
  return word !== '' && name.endsWith(`_${word}`) ? word : '';
}
