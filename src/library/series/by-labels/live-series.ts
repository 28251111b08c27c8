/** The live series of a metric: objects while something needs one, otherwise plain row numbers in the index. */
import type { Label } from '../../../core/contract/metric.ts';
import type { Row } from '../../../core/store/store.ts';
import type { Series } from '../series.ts';
import type { Entered } from '../series-table.ts';
import type { LabelIndex, Leaf } from './label-index.ts';
import { createLabelSearch } from './label-search.ts';

export interface LiveSeries {
  add(values: readonly string[]): Series;
  /** The series of a leaf of the index. */
  of(leaf: Leaf, values: readonly string[]): Series;
  /** The same for a series that is aggregated into it. */
  folded(leaf: Leaf, values: readonly string[]): Entered;
  /** The series got its row, and needs an object only if it is held. Objects handed out before stay valid until its removal. */
  settle(series: Series): void;
  hold(series: Series): void;
  /** All live series: first the objects, in order of creation. */
  all(): Iterable<Series>;
  /** By recorded values; undefined matches any. */
  matching(wanted: readonly (string | undefined)[]): Series[];
  remove(series: Series): void;
  /** All series leave: they are no longer found, and held ones write nothing. */
  clear(): void;
}

/** The maximum number of combinations whose aggregation into another series is cached. */
const mostFolds = 256;

export function createLiveSeries(labels: readonly Label[], index: LabelIndex): LiveSeries {
  const search = createLabelSearch(labels, index);
  const objects = new Set<Series>();
  /**
   * The same combinations are aggregated again and again, so their series are cached and cost no object. By row, until a series
   * is removed.
   */
  const folds = new Map<Row, Entered>();

  function* all(): Generator<Series> {
    yield* objects;
    for (const [values, leaf] of index.leaves()) if (typeof leaf === 'number') yield seriesOf(leaf, values);
  }

  return Object.freeze<LiveSeries>({
    add(values) {
      const series: Series = { values, held: false, live: true, row: 0 };
      index.put(values, series);
      search.entered(values);
      objects.add(series);
      return series;
    },
    of: seriesOf,
    folded(leaf, values) {
      if (typeof leaf !== 'number') return { series: leaf, merged: true };
      const known = folds.get(leaf);
      if (known !== undefined) return known;
      const entered = Object.freeze({ series: seriesOf(leaf, values), merged: true });
      if (folds.size >= mostFolds) folds.clear();
      folds.set(leaf, entered);
      return entered;
    },
    settle(series) {
      if (series.held) return;
      objects.delete(series);
      index.put(series.values, series.row);
    },
    hold(series) {
      series.held = true;
      objects.add(series);
      index.put(series.values, series);
    },
    all,
    matching: (wanted) => search.find(wanted).map(([values, leaf]) => seriesOf(leaf, values)),
    remove(series) {
      series.live = false;
      objects.delete(series);
      // Clearing an empty map makes a new table each time.
      if (folds.size > 0) folds.clear();
      index.delete(series.values);
      search.left(series.values);
    },
    clear() {
      for (const series of objects) {
        series.live = false;
        series.row = 0;
      }
      objects.clear();
      folds.clear();
      index.root.clear();
      search.clear();
    },
  });
}

/** Makes a series of a row: it has started, and is exposed while it is in the index. */
function seriesOf(leaf: Leaf, values: readonly string[]): Series {
  if (typeof leaf !== 'number') return leaf;
  return { values: [...values], held: false, live: true, row: leaf };
}
