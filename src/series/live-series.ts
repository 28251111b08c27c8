/** The live series of a metric's labels: objects as long as somebody needs one, otherwise plain rows in the index. */
import type { Label } from '../contract/metric.ts';
import type { Row } from '../store/store.ts';
import type { LabelIndex, Leaf } from './by-labels.ts';
import { createLabelSearch } from './label-search.ts';
import type { Series } from './series.ts';
import type { Entered } from './series-table.ts';

export interface LiveSeries {
  add(values: readonly string[], startMs: number): Series;
  /** The series of a leaf of the index. */
  of(leaf: Leaf, values: readonly string[]): Series;
  /** The same for what folds into it. */
  folded(leaf: Leaf, values: readonly string[]): Entered;
  /** The series has its row, and needs no object from now on but where it is held. What was handed out so far stays good until it is removed. */
  settle(series: Series): void;
  hold(series: Series): void;
  /** First those that are objects, in order of creation. */
  all(): Iterable<Series>;
  /** Values as they are recorded; undefined matches any. */
  matching(wanted: readonly (string | undefined)[]): Series[];
  remove(series: Series): void;
  /** Nothing is found any more, and what is held writes nothing. */
  close(): void;
}

/** So many combinations may have their folds at hand. */
const mostFolds = 256;

export function createLiveSeries(labels: readonly Label[], index: LabelIndex): LiveSeries {
  const search = createLabelSearch(labels, index);
  const objects = new Set<Series>();
  /** What folds comes again and again: it has its series at hand, and costs no object. By row, as long as no series goes. */
  const folds = new Map<Row, Entered>();

  function* all(): Generator<Series> {
    yield* objects;
    for (const [values, leaf] of index.leaves()) if (typeof leaf === 'number') yield seriesOf(leaf, values);
  }

  return Object.freeze<LiveSeries>({
    add(values, startMs) {
      const series: Series = { values, startMs, held: false, live: true, row: 0 };
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
      folds.clear();
      index.delete(series.values);
      search.left(series.values);
    },
    close() {
      for (const series of objects) {
        series.live = false;
        series.row = 0;
      }
      objects.clear();
      folds.clear();
      index.root.clear();
    },
  });
}

/** Of a row everything else is known: it has begun, and is shown for as long as it is in the index. */
function seriesOf(leaf: Leaf, values: readonly string[]): Series {
  if (typeof leaf !== 'number') return leaf;
  return { values: [...values], startMs: 0, held: false, live: true, row: leaf };
}
