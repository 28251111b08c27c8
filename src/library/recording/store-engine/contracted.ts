/** A recorded metric of a contract on top of the store: fast paths for known series, in front of the full path (`judged.ts`). */
import { valueRule } from '../../../core/store/index.ts';
import type { Family, Row } from '../../../core/store/store.ts';
import { rowOf } from '../../series/by-labels/label-index.ts';
import { textOf } from '../../series/label-rules/read-labels.ts';
import type { Series } from '../../series/series.ts';
import type { LabelledSeries } from '../../series/series-table.ts';
import type { Instrument, Measure, Recordable } from '../engine.ts';
import { judgedAdjust, judgedBound, judgedMeasure, type Write } from '../judged.ts';
import { createBinder } from './bound.ts';
import { createCellWriter, offering } from './cell-writer.ts';
import { createMeasure } from './measure.ts';
import { createRowTables, type RowTables } from './row-table.ts';

export function createContracted({ metric, series: table, family, exemplars }: Recordable): Instrument {
  const { kind } = metric;
  const { index } = table;
  const names = Object.keys(metric.labels);
  const accepts = valueRule(kind);
  const write = offering(createCellWriter(family, kind), exemplars);
  const writeSeries: Write = ({ row }, value) => write(row, value);
  const judged = judgedMeasure(table, writeSeries);
  const bound = judgedBound(table, writeSeries);
  const binder = createBinder({ kind, family, accepts, write });
  const tables = createRowTables(family, index, names.length);
  const aliases = createAliases(names, table);
  const slow: Measure = (value, labels) => {
    const series = judged(value, labels);
    if (series !== undefined) aliases.learn(series, labels);
  };
  table.watch({
    shown: tables.shown,
    dropped(row) {
      tables.dropped(row);
      aliases.forget(row);
    },
    cleared() {
      tables.close();
      aliases.clear();
    },
  });
  return Object.freeze<Instrument>({
    // An info has one series, and each measurement may replace it.
    measure: kind === 'info' ? slow : createMeasure({ names, kind, family, tables, accepts, write, slow }),
    bound(labels) {
      const { measure, series } = bound(labels);
      return binder(measure, series);
    },
    ...(kind === 'gauge' ? { adjust: createAdjust(table, family, names, tables) } : {}),
  });
}

/** Most gauges are only set, so the function is made at the first call. */
function createAdjust(table: LabelledSeries, family: Family, names: readonly string[], tables: RowTables): Measure {
  const kind = 'updowncounter';
  const write = createCellWriter(family, kind);
  const slow: Measure = judgedAdjust(table, ({ row }, value) => write(row, value));
  let measure: Measure | undefined;
  return (value, labels) => {
    measure ??= createMeasure({ names, kind, family, tables, accepts: valueRule(kind), write, slow });
    measure(value, labels);
  };
}

/**
 * Rows that callers record with primitives other than strings, e.g. `{code: 404}`. The index finds them under these aliases too.
 */
interface Aliases {
  learn(series: Series, labels: unknown): void;
  forget(row: Row): void;
  clear(): void;
}

function createAliases(names: readonly string[], { index }: LabelledSeries): Aliases {
  const paths = new Map<Row, (readonly unknown[])[]>();
  return Object.freeze<Aliases>({
    learn(series, labels) {
      const path = aliasOf(series, names, labels);
      const { row } = series;
      // A caller's getter may have removed it meanwhile.
      if (path === undefined || row === 0 || rowOf(index.get(series.values)) !== row || index.get(path) === row) return;
      index.put(path, row);
      const known = paths.get(row);
      if (known === undefined) paths.set(row, [path]);
      else known.push(path);
    },
    forget(row) {
      for (const path of paths.get(row) ?? []) index.delete(path);
      paths.delete(row);
    },
    clear: () => paths.clear(),
  });
}

/** Undefined: all values are strings, or a getter's value changes. At most one alias per type and label, so there are few. */
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
