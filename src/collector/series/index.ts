export { createSeriesNames, type SeriesNames, type SeriesNamesOptions } from './create-series-names.ts';
