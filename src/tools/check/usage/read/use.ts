/** What files use of a contract's series: expressions, and labels of their results. */
import type { Text } from '../source/text.ts';
import type { Range } from './variables.ts';

/**
 * `promql`: an expression. `selector`: a selector alone, as `label_values` has it. `series`: a series of a rule test, such as
 * `up{job="a"}`. `result`: the labels of an expression's result in a rule test.
 * `names`: a regular expression over the names of series.
 */
export type Language = 'promql' | 'selector' | 'series' | 'result' | 'names';

export type ExpressionKind = 'alert' | 'record' | 'template' | 'test' | 'panel' | 'variable' | 'annotation';

export interface UsedExpression {
  readonly kind: ExpressionKind;
  readonly language: Language;
  /** For people, within the file: `group api, alert ErrorsRise`; `dashboard API, panel "Errors", query A`. */
  readonly place: string;
  readonly text: Text;
  /** As long as `text`, and PromQL: a dashboard's variables are replaced. */
  readonly promql: string;
  /** The ranges of variables. */
  readonly opaque: readonly Range[];
  /** Of a recording rule. */
  readonly record?: string;
  /** Of an alerting rule. */
  readonly alert?: string;
  /** Labels that the rule itself sets. */
  readonly sets?: readonly string[];
  /** Of a `result`: the expression whose result it is. */
  readonly of?: UsedExpression;
}

export type LabelKind = 'template' | 'legend' | 'field' | 'variable' | 'matcher' | 'expectation';

/** A label's name outside an expression, which refers to what one or more expressions return. */
export interface UsedLabel {
  readonly kind: LabelKind;
  readonly place: string;
  readonly name: Text;
  /** The value that goes with it, if it is literal. */
  readonly value?: Text;
  /** The expressions whose results have the label. Absent: every alert's, or that of `alert`. */
  readonly of?: readonly UsedExpression[];
  readonly alert?: string;
}

/** What a file has that could not be read. */
export interface Unread {
  readonly message: string;
  /** In the file, in UTF-16 units. */
  readonly offset: number;
}

/** What readers add to. */
export interface Uses {
  readonly expressions: UsedExpression[];
  readonly labels: UsedLabel[];
  readonly unread: Unread[];
  /** Paths that the file refers to, such as a provider's folder of dashboards. */
  readonly follows: string[];
  dashboards: number;
  /** Whether a reader knew the file's shape. */
  known: boolean;
}

export function noUses(): Uses {
  return { expressions: [], labels: [], unread: [], follows: [], dashboards: 0, known: false };
}

/** Without variables. */
export function withoutVariables(text: Text): Pick<UsedExpression, 'text' | 'promql' | 'opaque'> {
  return { text, promql: text.text, opaque: [] };
}
