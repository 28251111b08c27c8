/**
 * Reads an expression. It comes from outside: its length and its depth have limits, and reading it takes time in proportion to
 * its length.
 */
import type { SyntaxNode } from '@lezer/common';
import type { Aggregate, Expr, LabelName, Matcher, MatchOp, Selector, Span, Wrapping } from './ast.ts';
import { promqlParser } from './grammar.ts';
import { associate, type Item, type Operator } from './precedence.ts';
import { unquote } from './strings.ts';

/** In UTF-16 units. Those of published dashboards have some thousand at most. */
export const longestExpression = 65_536;
/** Of the syntax tree. A chain of binary operators is as deep as it has operands. */
export const deepestExpression = 600;

export interface ParseError {
  /** Where it was noticed. */
  readonly offset: number;
  readonly message: string;
}

export type Parsed = { readonly expression: Expr; readonly error?: undefined } | { readonly error: ParseError };

/** @throws DEPENDENCY_MISSING when the grammar is not installed; a wrong expression is a result */
export function parseExpression(text: string): Parsed {
  const parser = promqlParser();
  if (text.length > longestExpression)
    return {
      error: {
        offset: longestExpression,
        message: `the expression has ${text.length} characters; ${longestExpression} are read at most`,
      },
    };
  try {
    const tree = parser.parse(text);
    const deep = tooDeep(tree);
    if (deep !== undefined)
      return { error: { offset: deep, message: `the expression nests deeper than ${deepestExpression} levels` } };
    const top = children(tree.topNode)[0];
    if (top === undefined) return { error: { offset: 0, message: 'the expression is empty' } };
    return { expression: expressionOf(top, text) };
  } catch (error) {
    if (error instanceof UnknownSyntax) return { error: { offset: error.offset, message: error.message } };
    if (!(error instanceof SyntaxError)) throw error;
    const offset = Number(/ (\d+)$/.exec(error.message)?.[1] ?? 0);
    const found = offset >= text.length ? 'the end of the expression' : JSON.stringify(text.slice(offset, offset + 20));
    return { error: { offset, message: `the expression cannot be read from ${found} on` } };
  }
}

class UnknownSyntax extends Error {
  readonly offset: number;
  constructor(node: SyntaxNode) {
    super(`${node.name} is not known here`);
    this.offset = node.from;
  }
}

function tooDeep(tree: { iterate(spec: { enter(node: { from: number }): void; leave(): void }): void }): number | undefined {
  let depth = 0;
  let found: number | undefined;
  tree.iterate({
    enter(node) {
      depth += 1;
      if (depth > deepestExpression) found ??= node.from;
    },
    leave() {
      depth -= 1;
    },
  });
  return found;
}

function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) if (child.name !== 'LineComment') all.push(child);
  return all;
}

const postfixes: Readonly<Record<string, 'range' | 'subquery' | 'modified'>> = {
  MatrixSelector: 'range',
  SubqueryExpr: 'subquery',
  OffsetExpr: 'modified',
  StepInvariantExpr: 'modified',
  AnchoredExpr: 'modified',
  SmoothedExpr: 'modified',
};

function expressionOf(node: SyntaxNode, text: string): Expr {
  const items: Item[] = [];
  flatten(node, text, items);
  const whole = associate(items);
  if (whole === undefined) throw new UnknownSyntax(node);
  return whole;
}

/** The operators and operands that no parentheses hold together, in their order. */
function flatten(node: SyntaxNode, text: string, items: Item[]): void {
  const parts = children(node);
  const [first] = parts;
  const last = parts.at(-1);
  const postfix = postfixes[node.name];
  if (first === undefined || last === undefined) items.push({ operand: operandOf(node, text) });
  else if (node.name === 'BinaryExpr') {
    flatten(first, text, items);
    items.push({ operator: operatorOf(node, parts, text) });
    flatten(last, text, items);
  } else if (node.name === 'UnaryExpr') {
    items.push({ sign: node.from });
    flatten(last, text, items);
  } else if (postfix !== undefined) {
    flatten(first, text, items);
    const inner = items.pop();
    if (inner === undefined || !('operand' in inner)) throw new UnknownSyntax(node);
    items.push({ operand: { kind: postfix, from: inner.operand.from, to: node.to, inner: inner.operand } satisfies Wrapping });
  } else items.push({ operand: operandOf(node, text) });
}

function operandOf(node: SyntaxNode, text: string): Expr {
  const { from, to, name } = node;
  const source = text.slice(from, to);
  if (name === 'NumberDurationLiteral') return { kind: 'number', from, to, text: source };
  if (name === 'StringLiteral') return { kind: 'string', from, to, value: unquote(source) };
  if (name === 'VectorSelector') return selectorOf(node, text);
  if (name === 'AggregateExpr') return aggregateOf(node, text);
  const [first, second] = children(node);
  if (name === 'ParenExpr' && first !== undefined) return { kind: 'paren', from, to, inner: expressionOf(first, text) };
  if (name !== 'FunctionCall' || first === undefined || second === undefined) throw new UnknownSyntax(node);
  const args = children(second).map((arg) => expressionOf(arg, text));
  return { kind: 'call', from, to, name: text.slice(first.from, first.to).toLowerCase(), args };
}

function labelOf(node: SyntaxNode, text: string): LabelName {
  const { from, to } = node;
  const source = text.slice(from, to);
  return { from, to, name: node.name === 'QuotedLabelName' ? unquote(source) : source };
}

function selectorOf(node: SyntaxNode, text: string): Selector {
  const { from, to } = node;
  let name: Selector['name'];
  const matchers: Matcher[] = [];
  for (const part of children(node)) {
    if (part.name === 'Identifier') name = { from: part.from, to: part.to, text: text.slice(part.from, part.to), quoted: false };
    else
      for (const each of children(part)) {
        if (each.name === 'QuotedLabelName')
          name = { from: each.from, to: each.to, text: labelOf(each, text).name, quoted: true };
        else matchers.push(matcherOf(each, text));
      }
  }
  const exact = name === undefined ? matchers.find(({ label, op }) => label.name === '__name__' && op === '=') : undefined;
  if (exact === undefined) return { kind: 'selector', from, to, name, matchers };
  const others = matchers.filter((matcher) => matcher !== exact);
  return { kind: 'selector', from, to, name: { ...exact.valueAt, text: exact.value, quoted: true }, matchers: others };
}

function matcherOf(node: SyntaxNode, text: string): Matcher {
  const [label, op, value] = children(node);
  if (label === undefined || op === undefined || value === undefined) throw new UnknownSyntax(node);
  return {
    from: node.from,
    to: node.to,
    label: labelOf(label, text),
    op: text.slice(op.from, op.to) as MatchOp,
    opAt: spanOf(op),
    value: unquote(text.slice(value.from, value.to)),
    valueAt: spanOf(value),
  };
}

const spanOf = ({ from, to }: Span): Span => ({ from, to });
const labelsOf = (node: SyntaxNode, text: string) => children(node).map((label) => labelOf(label, text));

function aggregateOf(node: SyntaxNode, text: string): Aggregate {
  const parts = children(node);
  const [op] = parts;
  const body = parts.find((part) => part.name === 'FunctionCallBody');
  const modifier = parts.find((part) => part.name === 'AggregateModifier');
  const args = body === undefined ? [] : children(body);
  const inner = args.at(-1);
  if (op === undefined || inner === undefined) throw new UnknownSyntax(node);
  const list = modifier && children(modifier).find((part) => part.name === 'GroupingLabels');
  const [parameter] = args.length > 1 ? args : [];
  return {
    kind: 'aggregate',
    from: node.from,
    to: node.to,
    op: text.slice(op.from, op.to).toLowerCase(),
    by: modifier === undefined || children(modifier)[0]?.name === 'By',
    labels: list && labelsOf(list, text),
    parameter: parameter && expressionOf(parameter, text),
    inner: expressionOf(inner, text),
  };
}

function operatorOf(node: SyntaxNode, parts: readonly SyntaxNode[], text: string): Operator {
  const op = parts[1];
  if (op === undefined) throw new UnknownSyntax(node);
  const clause = parts.find((part) => part.name === 'MatchingModifierClause');
  const matching = clause === undefined ? [] : children(clause);
  const [list, include] = matching.filter((part) => part.name === 'GroupingLabels');
  const has = (name: string) => matching.some((part) => part.name === name);
  return {
    op: text.slice(op.from, op.to).toLowerCase(),
    bool: parts.some((part) => part.name === 'BoolModifier'),
    on: has('On'),
    labels: list && labelsOf(list, text),
    group: has('GroupLeft') ? 'left' : has('GroupRight') ? 'right' : undefined,
    include: include === undefined ? [] : labelsOf(include, text),
    bare: include === undefined && (has('GroupLeft') || has('GroupRight')),
    fill: parts.some((part) => part.name.startsWith('Fill')),
  };
}
