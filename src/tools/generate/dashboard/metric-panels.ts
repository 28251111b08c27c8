/** The panels of one metric: how often, how long, how much, by kind and unit. */
import type { Metric } from '../../../core/contract/index.ts';
import { anySample, by, closedLabels, openLabels, parameterLabels, selector } from '../samples.ts';
import type { Panel, Query, TimeSeries } from './panels.ts';
import { rateUnitOf, unitOf } from './units.ts';
import { titleOf } from './words.ts';

/** Of labels without a list of values, as many lines as a legend can show. */
const TOP = 10;
/** A metric with more open labels than these has no panel for the others. */
const MOST_OPEN_LABELS = 2;
const QUANTILES = [0.5, 0.9, 0.99];
/** Where labels make the lines, of one quantile. */
const ONE_QUANTILE = 0.95;
/** Two beside each other. */
const SIZE = { width: 12, height: 8 };
/** Grafana's dates count milliseconds. */
const MS_A_SECOND = 1_000;

/** Grafana's `$__rate_interval` has at least four scrapes. */
const WINDOW = '[$__rate_interval]';
export const chosenJob = 'job=~"$job"';
export const chosenInstance = 'instance=~"$instance"';
const target = ['job', 'instance'];
/** What the variables choose. */
const chosen = (metric: Metric): readonly string[] => [
  chosenJob,
  chosenInstance,
  ...parameterLabels(metric).map((label) => `${label}=~"$${label}"`),
];

export function panelsOf(metric: Metric, prefixes: readonly string[]): readonly Panel[] {
  const title = titleOf(metric, prefixes) + (metric.deprecated === undefined ? '' : ' (deprecated)');
  const say = describe(metric);
  if (metric.kind === 'counter') return ratePanels(metric, `${title}, per second`, say);
  if (metric.kind === 'histogram') return histogramPanels(metric, title, say);
  if (metric.kind === 'summary') return summaryPanels(metric, title, say);
  return metric.kind === 'info' ? [infoPanel(metric, title, say)] : gaugePanels(metric, title, say);
}

function describe({ help, series, deprecated }: Metric): string {
  return [deprecated === undefined ? [] : `Deprecated: ${deprecated}`, help, `Family: ${series}`].flat().join('\n\n');
}

type Drawn = Pick<TimeSeries, 'unit'> & { readonly title: string; readonly description: string };

function graph(drawn: Drawn, queries: readonly Query[], more: Pick<TimeSeries, 'signed'> = {}): TimeSeries {
  return { type: 'timeseries', ...SIZE, ...drawn, queries, ...more };
}

const legendOf = (labels: readonly string[]) => labels.map((name) => `{{${name}}}`).join(' ');
const rate = (selected: string) => `rate(${selected}${WINDOW})`;

/** One panel by the labels whose values are listed, and one for each of the first `most` others: its largest. */
function byLabels(metric: Metric, drawn: Drawn, most: number, expr: (labels: readonly string[]) => string): readonly Panel[] {
  const closed = closedLabels(metric);
  const open = openLabels(metric).slice(0, most);
  const whole = { ...drawn, title: closed.length === 0 ? drawn.title : `${drawn.title}, by ${closed.join(', ')}` };
  const first = graph(whole, [{ expr: expr(closed), legend: legendOf(closed) || drawn.title }]);
  const tops = open.map(({ name }) => {
    const query = { expr: `topk(${TOP}, ${expr([name])})`, legend: legendOf([name]) };
    return graph({ ...drawn, title: `${drawn.title}, top ${TOP} by ${name}` }, [query]);
  });
  // Without a listed label, the largest of the others say more than the sum of all.
  return closed.length > 0 || open.length === 0 ? [first, ...tops] : tops;
}

function ratePanels(metric: Metric, title: string, description: string): readonly Panel[] {
  const drawn = { title, description, unit: rateUnitOf(metric) };
  return byLabels(
    metric,
    drawn,
    MOST_OPEN_LABELS,
    (labels) => `sum${by(labels)}(${rate(selector(metric.series, chosen(metric)))})`,
  );
}

function histogramPanels(metric: Metric, title: string, description: string): readonly Panel[] {
  const drawn = { title, description, unit: unitOf(metric) };
  const quantiles = QUANTILES.map((q) => ({ expr: quantile(metric, q, []), legend: `p${q * 100}` }));
  const labelled = Object.keys(metric.labels).length > 0;
  const perLabel = { ...drawn, title: `${title}, p${ONE_QUANTILE * 100}` };
  return [
    graph({ ...drawn, title: `${title}, quantiles` }, quantiles),
    ...(labelled ? byLabels(metric, perLabel, 1, (labels) => quantile(metric, ONE_QUANTILE, labels)) : []),
    ...countPanels(metric, title, description),
  ];
}

/**
 * From native histograms where Prometheus keeps them, else from the buckets of text: those of one family are never added up
 * together.
 */
function quantile(metric: Metric, q: number, labels: readonly string[]): string {
  const { series, bounds, exponential } = metric;
  const native = `histogram_quantile(${q}, sum${by(labels)}(${rate(selector(series, chosen(metric)))}))`;
  const classic = `histogram_quantile(${q}, sum${by(['le', ...labels])}(${rate(selector(`${series}_bucket`, chosen(metric)))}))`;
  if (exponential === undefined) return classic;
  return bounds.length > 0 || exponential.textBuckets !== undefined ? `${native}\nor\n${classic}` : native;
}

function countPanels(metric: Metric, title: string, description: string): readonly Panel[] {
  const drawn = { title: `${title}, count per second`, description, unit: 'ops' };
  return byLabels(metric, drawn, MOST_OPEN_LABELS, (labels) => countRate(metric, labels));
}

function countRate(metric: Metric, labels: readonly string[]): string {
  const { series, exponential } = metric;
  const classic = `sum${by(labels)}(${rate(selector(`${series}_count`, chosen(metric)))})`;
  if (exponential === undefined) return classic;
  return `histogram_count(sum${by(labels)}(${rate(selector(series, chosen(metric)))}))\nor\n${classic}`;
}

function summaryPanels(metric: Metric, title: string, description: string): readonly Panel[] {
  const { series, quantiles = [] } = metric;
  const drawn = { title: `${title}, average`, description, unit: unitOf(metric) };
  const sum = (name: string, labels: readonly string[]) =>
    `sum${by(labels)}(${rate(selector(`${series}_${name}`, chosen(metric)))})`;
  const averages = byLabels(metric, drawn, 1, (labels) => `${sum('sum', labels)} / ${sum('count', labels)}`);
  // Quantiles cannot be added up: the worst of all is shown.
  const kept =
    quantiles.length === 0 ? [] : [{ expr: `max by (quantile) (${selector(series, chosen(metric))})`, legend: '{{quantile}}' }];
  const worst = kept.map((query) => graph({ ...drawn, title: `${title}, worst quantiles` }, [query]));
  return [...averages, ...worst, ...countPanels(metric, title, description)];
}

/** A row for each target: what runs there. */
function infoPanel(metric: Metric, title: string, description: string): Panel {
  const names = [...target, ...closedLabels(metric), ...openLabels(metric).map(({ name }) => name)];
  const keys = Object.fromEntries(names.map((name) => [name, name]));
  return { type: 'labels', ...SIZE, title, description, keys, expr: `group${by(names)}(${anySample(metric, chosen(metric))})` };
}

function gaugePanels(metric: Metric, title: string, description: string): readonly Panel[] {
  const [closed, open] = [closedLabels(metric), openLabels(metric).map(({ name }) => name)];
  const labels = [...open, ...closed];
  const shown = labels.length === 0 ? target : labels;
  const value = `${operatorOf(metric)}${by(shown)}(${selector(metric.series, chosen(metric))})`;
  const legend = labels.length === 0 ? '{{instance}}' : legendOf(labels);
  if (/_timestamp_seconds$/.test(metric.series)) return [timestampPanel(title, description, value, labels)];
  const drawn = { title: open.length === 0 ? title : `${title}, top ${TOP}`, description, unit: unitOf(metric) };
  const signed = metric.unit !== 'By' && metric.unit !== '%';
  return [graph(drawn, [{ expr: open.length === 0 ? value : `topk(${TOP}, ${value})`, legend }], signed ? { signed } : {})];
}

/** One moment as a date; of many, how long ago they were: the longest. */
function timestampPanel(title: string, description: string, value: string, labels: readonly string[]): Panel {
  if (labels.length > 0) {
    const expr = `topk(${TOP}, time() - ${value})`;
    return graph({ title: `${title}, longest ago`, description, unit: 's' }, [{ expr, legend: legendOf(labels) }]);
  }
  const query = { expr: `${value} * ${MS_A_SECOND}`, legend: '{{instance}}' };
  return { type: 'stat', ...SIZE, title, description, queries: [query], unit: 'dateTimeFromNow' };
}

/** What several targets make together: as several processes of one do, or else the sum of what can be added up. */
function operatorOf({ kind, across, unit }: Metric): string {
  if (kind === 'updowncounter') return 'sum';
  if (across === 'max' || across === 'min') return across;
  if (across === 'average') return 'avg';
  const adds = unit.startsWith('{') || /By$/.test(unit);
  return across === 'sum' && adds ? 'sum' : 'max';
}
