/** Which metrics an expression reads. */
import type { Expr } from './ast.ts';

/** The exact names of its selectors, without repetition. Selectors by patterns or by labels alone have none. */
export function metricNames(expression: Expr): readonly string[] {
  const names = new Set<string>();
  const visit = (node: Expr): void => {
    if (node.kind === 'selector' && node.name !== undefined) names.add(node.name.text);
    if (node.kind === 'binary') for (const side of [node.left, node.right]) visit(side);
    if (node.kind === 'call') for (const arg of node.args) visit(arg);
    if (node.kind === 'aggregate' && node.parameter !== undefined) visit(node.parameter);
    if ('inner' in node) visit(node.inner);
  };
  visit(expression);
  return [...names];
}
