export { createSeriesNames, type SeriesNames, type SeriesNamesOptions } from './create-series-names.ts';
export { nameOfTarget, type Target, targetOf } from './target.ts';
