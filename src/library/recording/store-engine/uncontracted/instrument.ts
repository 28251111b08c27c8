/** A recorded instrument that no contract names, on top of the store. */
import { valueRule } from '../../../../core/store/index.ts';
import type { Family } from '../../../../core/store/store.ts';
import type { SeriesTable } from '../../../series/series-table.ts';
import type { Exemplars, Measure } from '../../engine.ts';
import { judgedMeasure } from '../../judged.ts';
import type { Stream } from '../../views/stream.ts';
import { createCellWriter, offering } from '../cell-writer.ts';
import { createAttributeTrie } from './attribute-trie.ts';

export interface Uncontracted {
  readonly measure: Measure;
  /** Ignores measurements from now on. */
  close(): void;
}

/** @param stream what it records, and which attributes the series have */
export function createUncontracted(
  family: Family,
  table: SeriesTable,
  { accepts: rule, keeps }: Pick<Stream, 'accepts' | 'keeps'>,
  exemplars?: Exemplars,
): Uncontracted {
  const { kind } = table.metric;
  const accepts = valueRule(rule);
  const write = offering(createCellWriter(family, kind), exemplars);
  const trie = createAttributeTrie(keeps);
  const judged = judgedMeasure(table, ({ row }, value) => write(row, value), accepts);
  const measure: Measure = (value, attributes) => {
    let row = 0;
    try {
      if (accepts(value)) row = trie.find(attributes);
    } catch {
      row = 0;
    }
    if (row !== 0) {
      write(row, value);
      return;
    }
    const series = judged(value, attributes);
    if (series !== undefined) trie.learn(attributes, series.row);
  };
  return Object.freeze<Uncontracted>({
    measure: exemplars?.measure(measure) ?? measure,
    close() {
      table.close();
      trie.clear();
    },
  });
}
