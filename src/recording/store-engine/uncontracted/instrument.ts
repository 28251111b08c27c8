/** A recorded instrument that no contract names, over the store. */

import { identityOf } from '../../../series/identity.ts';
import type { Attached, Instrument } from '../../engine.ts';
import { valueRule } from '../../recorded.ts';
import { createBinder } from '../bound.ts';
import { createCellWriter } from '../cell-writer.ts';
import { createAttributeTrie } from './attribute-trie.ts';

export function createOpenInstrument({ metric, family }: Attached): Instrument {
  const takes = valueRule(metric.kind);
  const write = createCellWriter(family, metric.kind);
  const trie = createAttributeTrie();
  return {
    write: (series, value) => write(series.row, value),
    direct: {
      show(series, first) {
        series.row = family.row(identityOf(metric, series), series.startMs, first);
      },
      drop: () => trie.clear(),
      close: () => trie.clear(),
      learn: (series, attributes) => trie.learn(attributes, series.row),
      measure: (slow) => (value, attributes) => {
        let row = 0;
        try {
          if (takes(value)) row = trie.find(attributes);
        } catch {
          row = 0;
        }
        if (row === 0) slow(value, attributes);
        else write(row, value);
      },
      bound: createBinder({ kind: metric.kind, family, takes, write }),
    },
  };
}
