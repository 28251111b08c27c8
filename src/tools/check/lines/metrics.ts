/** A metric of a batch by itself: what it is called here and in Prometheus, and what is wrong with how it is described. */
import { shown } from '../../../core/errors/shown.ts';
import { isInstrumentName, unitAtEnd } from '../../../core/naming/index.ts';
import { metricType } from '../../../formats/otlp/batch/batch-index.ts';
import type { MetricNode } from '../../../formats/otlp/batch/batch-tree.ts';
import { temporalities } from '../../../formats/otlp/wire/protobuf-tags.ts';
import type { Report } from './report.ts';

export interface MetricAtHand {
  /** Distinguishes metrics of one name. */
  readonly number: number;
  /** The instrument's. */
  readonly name: string;
  /** In text 0.0.4. */
  readonly family: string;
  readonly line: number | undefined;
  /** One of `metricType`. */
  readonly type: number;
  readonly temporality: number;
  readonly monotonic: boolean;
}

/** Printable ASCII without spaces, braces in pairs (UCUM, §§6, 12). */
const legalUnit = /^(?:[!-z|~]|\{[!-z|~ ]*\})*$/;
/** What units are called beside Prometheus' words for them, and what UCUM says. */
const otherWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    second: 's',
    sec: 's',
    millisecond: 'ms',
    byte: 'By',
    b: 'By',
    kb: 'kBy',
    mb: 'MBy',
    ratio: '1',
    count: '{…}, what is counted',
  }),
);

/** `family`: undefined where it has none. */
export function checkMetric(report: Report, metric: MetricNode, family: string | undefined, line: number | undefined): void {
  const { name, unit, description, type, temporality, monotonic } = metric;
  const place = { line, family };
  if (name === '') report.add('otlp-metric-name', '', 'a metric without a name', place);
  else if (!isInstrumentName(name)) report.add('otlp-instrument-name', name, shown(name), place);
  checkUnit(report, name, unit, place);
  if (description.trim() === '') report.add('otlp-description', name, `${name}, without a description`, place);
  if (type === metricType.none) report.add('otlp-no-data', name, `${name}, without data`, place);
  const isSum = type === metricType.sum;
  if (/(?:^|[._])total$/i.test(name) && !(isSum && monotonic) && type !== metricType.none) {
    report.add('otlp-total', name, `${name}, ${isSum ? 'a sum that is not monotonic' : `a ${typeNames[type]}`}`, place);
  }
  if (!isSum && type !== metricType.histogram && type !== metricType.exponentialHistogram) return;
  if (temporality === temporalities.delta) {
    report.add('otlp-delta', name, `${name}, with delta temporality`, place);
    if (isSum && !monotonic) report.add('otlp-delta-sum', name, `${name}, not monotonic, with delta temporality`, place);
  } else if (temporality !== temporalities.cumulative) {
    report.add('otlp-temporality', name, `${name}, with temporality ${temporality === 0 ? 'unspecified' : temporality}`, place);
  }
}

const typeNames: Readonly<Record<number, string>> = {
  [metricType.gauge]: 'gauge',
  [metricType.histogram]: 'histogram',
  [metricType.exponentialHistogram]: 'exponential histogram',
  [metricType.summary]: 'summary',
};

function checkUnit(
  report: Report,
  name: string,
  unit: string,
  place: { line: number | undefined; family: string | undefined },
): void {
  const word = unit.toLowerCase();
  const better = otherWords.get(word) ?? (unitAtEnd([word]).unit || undefined);
  if (unit.length > 63) report.add('otlp-unit-length', name, `${name}, with a unit of ${unit.length} characters`, place);
  else if (better !== undefined) report.add('otlp-unit', name, `${name} in ${shown(unit)}`, { ...place, fix: `write ${better}` });
  else if (!legalUnit.test(unit)) report.add('otlp-unit', name, `${name} in ${shown(unit)}`, place);
}
