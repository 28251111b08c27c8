export { createStore } from './create-store.ts';
export { type ExponentialPoint, type ExponentialShape, readExponential } from './exponential-cells.ts';
export { mergeExponential, recordExponential, subtractExponential } from './exponential-record.ts';
export { freshnessOf, isShown } from './freshness.ts';
export { joinViews } from './join-views.ts';
export { minMaxOf } from './min-max.ts';
export type {
  Cursor,
  Family,
  FamilySpec,
  FamilyView,
  Row,
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
