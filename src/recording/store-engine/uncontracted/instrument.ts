/** A recorded instrument that no contract names, on top of the store. */
import type { SeriesTable } from '../../../series/series-table.ts';
import { valueRule } from '../../../store/index.ts';
import type { Family } from '../../../store/store.ts';
import type { Measure } from '../../engine.ts';
import { judgedMeasure } from '../../judged.ts';
import { createCellWriter } from '../cell-writer.ts';
import { createAttributeTrie } from './attribute-trie.ts';

export interface Uncontracted {
  readonly measure: Measure;
  /** Ignores measurements from now on. */
  close(): void;
}

export function createUncontracted(family: Family, table: SeriesTable): Uncontracted {
  const { kind } = table.metric;
  const accepts = valueRule(kind);
  const write = createCellWriter(family, kind);
  const trie = createAttributeTrie();
  const judged = judgedMeasure(table, ({ row }, value) => write(row, value));
  return Object.freeze<Uncontracted>({
    measure(value, attributes) {
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
    },
    close() {
      table.close();
      trie.clear();
    },
  });
}
