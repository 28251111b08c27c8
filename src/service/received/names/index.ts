export {
  createSeriesNames,
  mergedFix,
  type NamedMetric,
  type NamedScope,
  type SeriesNames,
  type SeriesNamesOptions,
} from './create-series-names.ts';
export type { ReceivedMetric } from './exposed-name.ts';
export type { Claimed, NotShown, Wanted } from './name-claims.ts';
export { nameShown } from './name-messages.ts';
export { labelTexts, type MakeLabels, type PlainLabels } from './series-labels.ts';
export { nameOfTarget, type Target, targetOf } from './target.ts';
