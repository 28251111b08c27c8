export { createStore } from './create-store.ts';
export type {
  Cursor,
  Family,
  FamilySpec,
  FamilyView,
  Row,
  Scope,
  Source,
  SourceSpec,
  Store,
  StoreOptions,
  View,
  Visitor,
} from './store.ts';
