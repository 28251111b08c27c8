/**
 * Puts operators and operands together as Prometheus does. The grammar for editors lets `offset`, `@` and `[…]` take all of `a +
 * b` before them, but in PromQL they bind tighter than every operator (Prometheus, promql/parser/generated_parser.y).
 */
import type { Binary, Expr } from './ast.ts';

export type Operator = Omit<Binary, 'kind' | 'from' | 'to' | 'left' | 'right'>;
/** `sign`: where a unary operator stands. */
export type Item = { readonly operand: Expr } | { readonly operator: Operator } | { readonly sign: number };

const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '<=', '<', '>=', '>', '</', '>/'],
  ['+', '-'],
  ['*', '/', '%', 'atan2'],
  ['^'],
];
const unaryLevel = 4;
const powerLevel = 5;
const levelOf = (op: string) => levels.findIndex((level) => level.includes(op));

/** Undefined: the items are no expression. */
export function associate(items: readonly Item[]): Expr | undefined {
  let at = 0;

  function operand(): Expr | undefined {
    const item = items[at];
    at += 1;
    if (item === undefined || 'operator' in item) return undefined;
    if ('operand' in item) return item.operand;
    // As tight as `*`: `-x^2` is `-(x^2)`, and `-x*2` is `(-x)*2`.
    const inner = from(unaryLevel + 1);
    return inner && { kind: 'unary', from: item.sign, to: inner.to, inner };
  }

  function from(lowest: number): Expr | undefined {
    let left = operand();
    while (left !== undefined) {
      const item = items[at];
      if (item === undefined || !('operator' in item)) break;
      const level = levelOf(item.operator.op);
      if (level < lowest) break;
      at += 1;
      const right = from(level === powerLevel ? level : level + 1);
      if (right === undefined) return undefined;
      left = { kind: 'binary', ...item.operator, from: left.from, to: right.to, left, right };
    }
    return left;
  }

  const whole = from(0);
  return at === items.length ? whole : undefined;
}
