/**
 * What a live endpoint shows, as a contract to compare with another. A page shows names, types, HELP, labels with values, and
 * buckets. What it cannot show (limits, omission, starts, who records) is taken from the other contract, so that no difference
 * appears.
 */
import type { ConstantLabel, Contract, Label, Labels, Metric } from '../../../core/contract/index.ts';
import { capped, oneOf } from '../../../core/contract/index.ts';
import { WORKER_LABEL } from '../../../core/contract/metric.ts';
import { type Kind, unitWord } from '../../../core/naming/index.ts';
import { escapedLabel, escapedName } from '../../../formats/exposition/escaping.ts';
import { countersOf, withSummaries } from '../hold/as-counters.ts';
import type { Observed, ObservedFamily, ObservedLabel } from '../observed.ts';
import { exposedLabel } from './label-set.ts';

export interface ObservedContract {
  readonly contract: Contract;
  /** Series of the other contract that the page lacks, and that may be absent without being removed. */
  readonly absent: readonly string[];
}

/** Kinds that a page shows under another one's TYPE. */
const shownAs: Readonly<Partial<Record<Kind, Kind>>> = { updowncounter: 'gauge', info: 'gauge' };

/** @param other what the endpoint is compared with */
export function observedContract(observed: Observed, other: Contract): ObservedContract {
  const { families } = withSummaries(observed, countersOf(other));
  const metrics: [string, Metric][] = [];
  const absent: string[] = [];
  const known = new Set<string>();
  // Prometheus asks for UTF-8 in some formats, and a contract's series have none.
  const escaped = new Map([...families.values()].map((family) => [escapedName(family.name, 'underscores'), family]));
  for (const [key, metric] of Object.entries(other.metrics)) {
    const family = families.get(metric.series) ?? escaped.get(metric.series);
    known.add(family?.name ?? metric.series);
    if (family !== undefined) metrics.push([key, seen(metric, family)]);
    else if (!metric.zeroFilled) {
      absent.push(metric.series);
      metrics.push([key, metric]);
    }
  }
  for (const family of families.values()) {
    if (!known.has(family.name)) metrics.push([family.name, seen(unseen(family), family)]);
  }
  return { contract: { ...other, metrics: Object.fromEntries(metrics) }, absent };
}

function seen(metric: Metric, family: ObservedFamily): Metric {
  const isSame = family.kind === 'unknown' || family.kind === (shownAs[metric.kind] ?? metric.kind);
  const labels = seenLabels(metric, family);
  const [bounds] = metric.exponential?.textBuckets === undefined ? family.bounds : [];
  return {
    ...metric,
    kind: isSame ? metric.kind : family.kind,
    unit: isSameUnit(metric.unit, family.unit) ? metric.unit : (family.unit ?? ''),
    help: family.help ?? metric.help,
    ...labels,
    ...(bounds !== undefined && { bounds }),
    ...(family.quantiles.length > 0 && { quantiles: family.quantiles }),
    ...(family.native && metric.exponential === undefined && { exponential: { maxSize: 160, maxScale: 20 } }),
  };
}

/** A page has Prometheus' words, OTLP has UCUM. */
function isSameUnit(declared: string, shown: string | undefined): boolean {
  return shown === undefined || shown === '' || shown === declared || shown === unitWord(declared);
}

function seenLabels(metric: Metric, { labels: all, series }: ObservedFamily): Pick<Metric, 'labels' | 'constantLabels'> {
  // Without a series, nothing is known of its labels.
  if (series === 0) return metric;
  const labels: Record<string, Label> = {};
  const left = new Map(all);
  if (metric.across === WORKER_LABEL) left.delete(WORKER_LABEL);
  for (const [declared, label] of Object.entries(metric.labels)) {
    const name = shownName(exposedLabel(declared, metric), left);
    const found = left.get(name);
    left.delete(name);
    if (found !== undefined) labels[declared] = seenLabel(label, found, metric);
    else if (label.kind !== 'closed' && label.optional) labels[declared] = label;
  }
  const constantLabels: Record<string, ConstantLabel> = {};
  for (const [declared, value] of Object.entries(metric.constantLabels)) {
    const name = shownName(exposedLabel(declared, metric), left);
    const found = left.get(name);
    if (found?.distinct !== 1) continue;
    left.delete(name);
    const [only = value] = found.values;
    constantLabels[declared] = typeof value === 'string' ? only : value;
  }
  for (const name of left.keys()) labels[name] = capped();
  return { labels: labels as Labels, constantLabels };
}

/** A page may have `http.method`, and another format of it `http_method`. */
function shownName(name: string, shown: ReadonlyMap<string, ObservedLabel>): string {
  if (shown.has(name)) return name;
  const plain = escapedLabel(name, 'underscores');
  return [...shown.keys()].find((other) => escapedLabel(other, 'underscores') === plain) ?? name;
}

/** A value of the set that no series has may come later, unless the contract says that it is there from the start. */
function seenLabel(label: Label, { values }: ObservedLabel, { zeroFilled }: Metric): Label {
  if (label.kind !== 'closed') return label;
  const added = [...values].filter((value) => value !== '' && !label.values.includes(value));
  const kept = zeroFilled ? label.values.filter((value) => values.has(value)) : label.values;
  return added.length === 0 && kept.length === label.values.length ? label : oneOf(...kept, ...added);
}

/** A series that the other contract does not have. */
function unseen({ name, kind }: ObservedFamily): Metric {
  return {
    ...{ kind, observed: false, labels: {}, instrument: name, series: name, unit: '', help: '', bounds: [], minMax: false },
    ...{ zeroFilled: false, omitEmpty: false, exemplars: false, unknownStart: false, constantLabels: {}, deprecated: undefined },
    stability: 'stable',
  };
}
