export { createStore } from './create-store.ts';
export { readExemplar, type StoredExemplar, writeReceivedExemplar } from './exemplar-cells.ts';
export { type ExponentialPoint, type ExponentialShape, readExponential } from './exponential-cells.ts';
export { mergeExponential, recordExponential, subtractExponential } from './exponential-record.ts';
export { freshnessOf, isShown } from './freshness.ts';
export { joinViews } from './join-views.ts';
export { lengthAt } from './label-bytes.ts';
export { type MinMax, type Point, readExemplars, readMinMax, readPoint, readQuantiles } from './read-point.ts';
export { shapeOf, valuesAt } from './row-labels.ts';
export { blankRow, exemplarAt, layoutOf, type RowLayout, type RowShape } from './row-layout.ts';
export { readShape } from './shapes.ts';
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
export { writeHistogram, writeMinMax, writeSummary } from './write-point.ts';
