/** PromQL against what changed in a contract: what breaks in an expression, and the expression that finds the same in the new series. */
export { type Bridge, bridgeExpression, bridgeExpressions } from './bridge.ts';
export type { Breakage, BrokenPart, Reason, ReasonId } from './context.ts';
export { applyEdits, type Edit } from './edits.ts';
export { type Breakages, breakagesOf, type Rewriting, rewriteExpression } from './rewrite.ts';
export type { Span } from './syntax/ast.ts';
export { metricNames } from './syntax/metric-names.ts';
export { deepestExpression, longestExpression, type ParseError, parseExpression } from './syntax/parse.ts';
