export { createStore } from './create-store.ts';
export { joinViews } from './join-views.ts';
export { createRemoteView } from './remote-view.ts';
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
