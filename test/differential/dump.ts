/** All rows of a store, in an order of their own, so that two stores can be compared series by series. */
import {
  type Cursor,
  type ExponentialShape,
  type FamilyView,
  isShown,
  readExemplars,
  type View,
  type Visitor,
} from '../../src/core/store/index.ts';
import { attributePairs, type Exemplar } from '../../src/formats/otlp/index.ts';
import { sayAll } from './say-all.ts';

export interface SeriesDump {
  readonly scope: string;
  readonly instrument: string;
  readonly kind: string;
  readonly unit: string;
  /** Canonical: names ascending. */
  readonly attributes: string;
  readonly start: number;
  readonly bounds: readonly number[];
  readonly exponential?: ExponentialShape;
  readonly minMax: boolean;
  readonly cells: readonly number[];
  readonly exemplars: readonly Exemplar[];
}

/** Families that are too old to be shown are left out. */
export function dump(view: View, now: number): ReadonlyMap<string, SeriesDump> {
  const series = new Map<string, SeriesDump>();
  const visitor: Visitor = {
    family: (family) => isShown(family, now),
    row(family, row, _generation, cellAt) {
      const one = dumpRow(family, row, cellAt);
      const key = JSON.stringify([one.scope, one.instrument, one.kind, one.unit, one.attributes]);
      // Two instruments that are in conflict may have the same series.
      let same = 0;
      while (series.has(`${key}${same}`)) same++;
      series.set(`${key}${same}`, one);
    },
  };
  let cursor: Cursor | undefined = view.walk(visitor);
  while (cursor !== undefined) cursor = view.walk(visitor, cursor);
  return series;
}

function dumpRow(family: FamilyView, row: number, cellAt: number): SeriesDump {
  const { spec, source, rowLayout, cells } = family;
  return {
    scope: source.scope.name,
    instrument: spec.name,
    kind: spec.kind,
    unit: spec.unit,
    attributes: JSON.stringify(attributePairs(family.labels(row)), sayAll),
    start: family.start(row),
    bounds: spec.bounds ?? [],
    ...(spec.exponential === undefined ? {} : { exponential: spec.exponential }),
    minMax: spec.minMax ?? false,
    cells: Array.from(cells.subarray(cellAt, cellAt + rowLayout.valueCells)),
    exemplars: readExemplars(rowLayout, cells, cellAt, 0) ?? [],
  };
}
