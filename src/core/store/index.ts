export { addRow } from './cells/add-row.ts';
export { readExemplar, type StoredExemplar, writeReceivedExemplar } from './cells/exemplar-cells.ts';
export { type ExponentialPoint, type ExponentialShape, readExponential } from './cells/exponential-cells.ts';
export { mergeExponential, recordExponential, subtractExponential } from './cells/exponential-record.ts';
export { hasValue } from './cells/has-value.ts';
export { countByPowers, PowerRange } from './cells/power-buckets.ts';
export {
  type Histograms,
  type MinMax,
  newestExemplar,
  type Point,
  readExemplars,
  readMinMax,
  readPoint,
  readQuantiles,
} from './cells/read-point.ts';
export { blankRow, type ExponentialPart, exemplarAt, layoutOf, type RowLayout, type RowShape } from './cells/row-layout.ts';
export { writeHistogram, writeMinMax, writeSummary } from './cells/write-point.ts';
export { createStore } from './create-store.ts';
export { freshnessOf, isShown } from './freshness.ts';
export { joinViews } from './join-views.ts';
export { lengthAt, valuesEnd } from './labels/label-bytes.ts';
export { shapeOf, valuesAt } from './labels/row-labels.ts';
export { readShape } from './labels/shapes.ts';
export { startOf } from './start-of.ts';
export type {
  Cursor,
  ExposedNames,
  Family,
  FamilySpec,
  FamilyView,
  LabelValue,
  NewLabels,
  Row,
  RowLabels,
  Scope,
  SharePort,
  Source,
  SourceSpec,
  Store,
  StoreOptions,
  View,
  Visitor,
} from './store.ts';
export { areCounts, countRule, isCount, valueRule } from './value-rule.ts';
