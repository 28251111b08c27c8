export { type Collision, collisions, type Family } from './collisions.ts';
export { familyName, type Named } from './family-name.ts';
export { type Declared, instrumentFor } from './instrument-for.ts';
export { type Kind, kinds } from './kind.ts';
export { labelName, labelPairs, type Pair, type UnderscoreRuns } from './label-name.ts';
export { openMetricsFamily, sampleNames } from './sample-names.ts';
export { defaultStrategy, escapes, type Strategy, strategies } from './strategy.ts';
export { type UnitWords, unitWord } from './unit-word.ts';
