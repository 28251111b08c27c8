/** An expression as the rules of rewriting read it. Every position is an offset in UTF-16 units. */

export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface LabelName extends Span {
  readonly name: string;
}

export type MatchOp = '=' | '!=' | '=~' | '!~';

export interface Matcher extends Span {
  readonly label: LabelName;
  readonly op: MatchOp;
  readonly opAt: Span;
  /** Without its quotes and escapes. */
  readonly value: string;
  readonly valueAt: Span;
}

export interface Selector extends Span {
  readonly kind: 'selector';
  /**
   * An identifier, or the quoted name in the braces (`quoted`, or the value of `__name__="…"`). Undefined: it has none, or a
   * pattern.
   */
  readonly name: (Span & { readonly text: string; readonly quoted: boolean }) | undefined;
  /** Those of labels; `__name__` aside when it is `name`. */
  readonly matchers: readonly Matcher[];
}

export interface Literal extends Span {
  readonly kind: 'number';
  readonly text: string;
}

export interface Text extends Span {
  readonly kind: 'string';
  readonly value: string;
}

/** `range`: `x[5m]`; `subquery`: `x[5m:1m]`; `modified`: `offset`, `@`, `anchored`, `smoothed`; `paren`, `unary`. */
export interface Wrapping extends Span {
  readonly kind: 'range' | 'subquery' | 'modified' | 'paren' | 'unary';
  readonly inner: Expr;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface Aggregate extends Span {
  readonly kind: 'aggregate';
  readonly op: string;
  readonly by: boolean;
  /** Undefined: neither `by` nor `without`. */
  readonly labels: readonly LabelName[] | undefined;
  /** The parameter of `topk`, `quantile` and their like. */
  readonly parameter: Expr | undefined;
  readonly inner: Expr;
}

export interface Binary extends Span {
  readonly kind: 'binary';
  readonly op: string;
  readonly bool: boolean;
  readonly on: boolean;
  /** Of `on` or `ignoring`; undefined: neither. */
  readonly labels: readonly LabelName[] | undefined;
  readonly group: 'left' | 'right' | undefined;
  readonly include: readonly LabelName[];
  /** `group_left` or `group_right` without a list. */
  readonly bare: boolean;
  readonly fill: boolean;
  readonly left: Expr;
  readonly right: Expr;
}

export type Expr = Selector | Literal | Text | Wrapping | Call | Aggregate | Binary;
