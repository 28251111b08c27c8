export { createSeriesNames, type SeriesNames, type SeriesNamesOptions } from './create-series-names.ts';
export { nameShown } from './name-claims.ts';
export { nameOfTarget, type Target, targetOf } from './target.ts';
