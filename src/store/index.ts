export { createStore } from './create-store.ts';
export { type ExponentialPoint, type ExponentialShape, readExponential } from './exponential-cells.ts';
export { mergeExponential, recordExponential, subtractExponential } from './exponential-record.ts';
export { joinViews } from './join-views.ts';
export { lengthAt } from './label-bytes.ts';
export { minMaxOf } from './min-max.ts';
export type {
  Cursor,
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
export { blankRow } from './stride.ts';
