export { countersOf } from './as-counters.ts';
export { compareBoth, type Valued } from './both.ts';
export { withEscapedNames } from './escaped.ts';
export { compareFormats } from './formats.ts';
export { type HoldOptions, holdToContract } from './hold.ts';
export { createPageValues, type PageValues } from './page-values.ts';
