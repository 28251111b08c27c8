export { createSeriesNames, type NamedMetric, type NamedScope, type SeriesNames, type SeriesNamesOptions } from './create-series-names.ts';
export type { ReceivedMetric } from './exposed-name.ts';
export { type Claimed, type NotShown, nameShown } from './name-claims.ts';
export type { PlainLabels } from './series-labels.ts';
export { nameOfTarget, type Target, targetOf } from './target.ts';
