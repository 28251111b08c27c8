export { appended, between, type Markers, markersOf } from './between.ts';
export { lineDiff } from './line-diff.ts';
export { contractDocs } from './tables.ts';
