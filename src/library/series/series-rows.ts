/** The rows that series have in the store: taken for the contract's constant labels and the series' own, and given back. */
import { constantValue, isOptional } from '../../core/contract/labels.ts';
import type { Metric } from '../../core/contract/metric.ts';
import type { Family, NewLabels, Row } from '../../core/store/store.ts';
import { splitAttributes } from '../../formats/otlp/index.ts';
import type { Refusal } from './refusals.ts';
import type { Series } from './series.ts';

export interface SeriesRows {
  /** Takes a row that begins with `first` (default 0). False: the store is full, so the series is gone, and counted. */
  place(series: Series, startMs: number, first?: number): boolean;
  /** Takes the series out of table and store. Returns the row that it had. */
  drop(series: Series): Row;
}

export interface SeriesRowsOptions {
  /** Takes the series out of its table. */
  readonly release: (series: Series) => void;
  readonly refuse: (reason: Refusal) => void;
}

export function createSeriesRows(metric: Metric, family: Family, { release, refuse }: SeriesRowsOptions): SeriesRows {
  const labelsOf = labelling(metric);
  return Object.freeze<SeriesRows>({
    place(series, startMs, first = 0) {
      series.row = family.row(labelsOf(series), startMs, first);
      if (series.row !== 0) return true;
      // The next measurement tries again.
      release(series);
      refuse('no_room');
      return false;
    },
    drop(series) {
      const { row } = series;
      release(series);
      series.row = 0;
      if (row !== 0) family.drop(row);
      return row;
    },
  });
}

/** In the order of the family's labels. */
function labelling(metric: Metric): (series: Series) => NewLabels {
  const constant = Object.values(metric.constantLabels).map((label) => constantValue(label) ?? '');
  const names = [...Object.keys(metric.constantLabels), ...Object.keys(metric.labels)];
  const optional = new Set(Object.keys(metric.labels).filter((name) => isOptional(metric, name)));

  return (series) => {
    if (series.identity !== undefined) return splitAttributes(series.identity);
    const values = [...constant, ...series.values];
    if (optional.size === 0 || !values.includes('')) return { values };
    const isThere = (at: number) => values[at] !== '' || !optional.has(names[at] as string);
    return { names: names.filter((_, at) => isThere(at)), values: values.filter((_, at) => isThere(at)) };
  };
}
