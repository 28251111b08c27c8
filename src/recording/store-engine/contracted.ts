/** A recorded metric of a contract over the store: the ways that go past *admit*. */

import { createLabelIndex, rowOf } from '../../series/by-labels.ts';
import { identityOf } from '../../series/identity.ts';
import { textOf } from '../../series/read-labels.ts';
import type { Series } from '../../series/series.ts';
import type { Row } from '../../store/store.ts';
import type { Attached, Exemplars, Instrument } from '../engine.ts';
import { valueRule } from '../recorded.ts';
import { createBinder } from './bound.ts';
import { type CellWriter, createCellWriter } from './cell-writer.ts';
import { createMeasure } from './measure.ts';
import { createRowTables } from './row-table.ts';

export function createContracted({ metric, admit, family, exemplars }: Attached): Instrument {
  const names = Object.keys(metric.labels);
  const index = admit.index ?? createLabelIndex(names.length);
  const tables = createRowTables(family, index, names.length);
  const takes = valueRule(metric.kind);
  const write = offering(createCellWriter(family, metric.kind), exemplars);
  /** Rows that were recorded with other primitives than text, e.g. `{code: 404}`, and under which. */
  const aliases = new Map<Row, (readonly unknown[])[]>();

  return {
    write: (series, value) => write(series.row, value),
    direct: {
      show(series, first) {
        series.row = family.row(identityOf(metric, series), series.startMs, first);
        if (series.row === 0) return;
        // An information's series are told apart as objects; it has one.
        if (metric.kind !== 'info') admit.settle(series);
        tables.shown();
      },
      drop({ row }) {
        tables.dropped(row);
        for (const path of aliases.get(row) ?? []) index.delete(path);
        aliases.delete(row);
      },
      close() {
        index.root.clear();
        tables.close();
        aliases.clear();
      },
      learn(series, labels) {
        const path = aliasOf(series, names, labels);
        const { row } = series;
        // A getter of the caller's may have removed it meanwhile.
        if (path === undefined || row === 0 || rowOf(index.get(series.values)) !== row || index.get(path) === row) return;
        index.put(path, row);
        const known = aliases.get(row);
        if (known === undefined) aliases.set(row, [path]);
        else known.push(path);
      },
      measure: (slow) => createMeasure({ names, kind: metric.kind, family, index, tables, takes, write, slow }),
      bound: createBinder({ kind: metric.kind, family, takes, write }),
    },
  };
}

/** Also offers what it writes. */
function offering(write: CellWriter, exemplars: Exemplars | undefined): CellWriter {
  if (exemplars === undefined) return write;
  return (row, value) => {
    write(row, value);
    exemplars.offer(row, value);
  };
}

/** Undefined: nothing but text, or what a getter says anew each time. At most one alias per type and label, so they are few. */
function aliasOf(series: Series, names: readonly string[], labels: unknown): readonly unknown[] | undefined {
  if (names.length === 0 || typeof labels !== 'object' || labels === null) return undefined;
  try {
    const path = names.map((name) => (labels as Record<string, unknown>)[name]);
    if (path.every((value) => typeof value === 'string')) return undefined;
    return path.every((value, at) => textOf(value) === series.values[at]) ? path : undefined;
  } catch {
    return undefined;
  }
}
