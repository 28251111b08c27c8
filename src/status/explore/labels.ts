/** The labels of all series of a store, by their number of distinct values. */
import type { View } from '../../core/store/index.ts';
import type { Labels } from '../model/index.ts';
import { createDistinctValues, type DistinctValues } from './distinct.ts';
import { walkInSlices } from './in-slices.ts';
import { createLabelReader } from './label-bytes-of.ts';

/** A count ends at so many series, or so many milliseconds. */
const mostSeries = 2_000_000;
const mostMs = 20_000;
/** Names of labels that are counted. */
const mostNames = 2_000;
const mostShown = 100;

export async function countLabels(key: string, view: View): Promise<Labels['stores'][number]> {
  const byName = new Map<string, DistinctValues>();
  const readLabels = createLabelReader();
  let read = 0;
  const each = (name: string, hash: number) => {
    let values = byName.get(name);
    if (values === undefined) {
      if (byName.size >= mostNames) return;
      values = createDistinctValues();
      byName.set(name, values);
    }
    values.add(hash);
  };
  const complete = await walkInSlices(
    view,
    {
      family: () => true,
      row(family, row) {
        read++;
        readLabels(family, row, each);
      },
    },
    { mostMs, enough: () => read >= mostSeries },
  );
  const labels = [...byName]
    .map(([name, values]) => values.row(name))
    .sort((one, other) => other.values - one.values || other.series - one.series)
    .slice(0, mostShown);
  return { key, read, complete: complete && byName.size < mostNames, labels };
}
