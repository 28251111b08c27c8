/**
 * PromQL against what changed in a contract: what breaks in an expression, and the expression that finds the same in the new
 * series.
 */
export type { Breakage, Reason, ReasonId } from './context.ts';
export { applyEdits, type Edit } from './edits.ts';
export { breakagesOf, type Rewriting, rewriteExpression } from './rewrite.ts';
export { metricNames } from './syntax/metric-names.ts';
export { deepestExpression, longestExpression, parseExpression } from './syntax/parse.ts';
