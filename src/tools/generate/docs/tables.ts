/** A contract's metrics as tables in Markdown: what they are, and how they are read. */
import type { Contract, Metric } from '../../../core/contract/index.ts';
import { absence, absenceOfObserved } from './absence.ts';
import { exampleOf } from './example.ts';
import { constantOfAll, constantSentence, labelsCell } from './labels.ts';
import { code, markdownTable, plain } from './markdown.ts';

/** Bounds of a histogram that are listed. */
const mostBounds = 25;

/** In the order of the contract. Ends with a line end. */
export function contractDocs(contract: Contract): string {
  const metrics = Object.values(contract.metrics);
  if (metrics.length === 0) return 'The contract has no metrics.\n';
  const constant = constantOfAll(metrics);
  const what = metrics.map((metric) => [
    code(metric.series),
    typeOf(metric),
    metric.unit === '' ? '–' : code(metric.unit),
    labelsCell(metric, constant),
    meaning(metric),
  ]);
  const how = metrics.map((metric) => [code(metric.series), code(metric.instrument), absence(metric), code(exampleOf(metric))]);
  return [
    ...sentence(constantSentence(constant, metrics)),
    markdownTable(['series', 'type', 'unit', 'labels', 'meaning'], what),
    ...sentence(absenceOfObserved(contract)),
    markdownTable(['series', 'instrument', 'absent', 'example query'], how),
  ].join('\n');
}

function sentence(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [`${text}\n`];
}

/** As a scrape shows it: an information and an up-down counter are gauges in every format. */
function typeOf({ kind, series, counters }: Metric): string {
  if (counters !== undefined)
    return `summary; in text 0.0.4 the counters ${code(`${series}_sum`)} and ${code(`${series}_count`)}`;
  if (kind === 'info') return 'gauge, always 1';
  return kind === 'updowncounter' ? 'gauge' : kind;
}

function meaning(metric: Metric): string {
  const parts = [plain(metric.help)];
  if (metric.deprecated !== undefined) parts.unshift(`**Deprecated:** ${plain(metric.deprecated)}<br>`);
  if (metric.stability === 'development') parts.unshift('*In development.*');
  if (metric.bounds.length > 0) parts.push(`<br>Bounds: ${boundsOf(metric.bounds)}.`);
  if (metric.exponential !== undefined) parts.push(`<br>Exponential buckets: ${metric.exponential.maxSize} at most.`);
  if (metric.quantiles !== undefined) parts.push(`<br>Quantiles: ${metric.quantiles.join(', ')}.`);
  return parts.join(' ').replaceAll(/ ?<br> ?/g, '<br>');
}

function boundsOf(bounds: readonly number[]): string {
  return bounds.length <= mostBounds ? bounds.join(', ') : `${bounds.length} from ${bounds[0]} to ${bounds.at(-1)}`;
}
