/** What is reported of files, and what the parts of the report give each other. */
import type { Impact } from '../../diff/change.ts';
import type { UsedExpression } from '../read/use.ts';
import type { Edit, Text } from '../source/text.ts';
import type { UsedFile } from '../usage.ts';
import type { Judged } from './judge.ts';

export interface UsageProblem {
  readonly line: number;
  readonly column: number;
  readonly impact: Exclude<Impact, 'safe'>;
  /** The part of the expression that no longer finds what it found. */
  readonly part: string;
  readonly series: readonly string[];
  readonly label?: string;
  readonly value?: string;
  /** One sentence. */
  readonly message: string;
}

export interface UsageFinding {
  readonly file: string;
  /** Of the expression's first character. */
  readonly line: number;
  readonly column: number;
  /** Within the file: `group api, alert ErrorsRise`; `dashboard API, panel "Errors", query A`. */
  readonly place: string;
  /** What it is: `alert`, `record`, `panel`, …, or how a label is used: `legend`, `matcher`, …. */
  readonly kind: string;
  readonly expression: string;
  readonly impact: Exclude<Impact, 'safe'>;
  readonly problems: readonly UsageProblem[];
  /** Recording rules that it reads, the nearest first, of which the last one breaks. */
  readonly through: readonly string[];
  /** The expression that finds the same in the new series. Absent: there is none, or nothing in it has to change. */
  readonly rewritten?: string;
  /** What the rewritten expression may find otherwise, one sentence each. */
  readonly notes: readonly string[];
  /** Why it is not rewritten. */
  readonly reasons: readonly string[];
}

export interface UsageCounts {
  readonly files: number;
  /** Files of folders that are of no known shape. */
  readonly skipped: number;
  readonly dashboards: number;
  readonly expressions: number;
  /** Expressions with a series of the old contract, also through recording rules. */
  readonly withSeries: number;
  /** Expressions that are wrong or empty with the new contract. */
  readonly broken: number;
  /** Expressions that may be. */
  readonly risky: number;
  readonly rewritable: number;
  readonly notRewritable: number;
  /** Files and expressions that cannot be read. */
  readonly unread: number;
}

export interface UsageReport {
  readonly counts: UsageCounts;
  /** In the order of the files. */
  readonly findings: readonly UsageFinding[];
  readonly unread: readonly {
    readonly file: string;
    readonly line?: number;
    readonly column?: number;
    readonly reason: string;
  }[];
}

/** An expression that is rewritten where it stands. */
export interface Rewrite {
  readonly file: UsedFile;
  readonly text: Text;
  readonly edits: readonly Edit[];
  /** Its finding's place. */
  readonly place: string;
}

/** An expression with what was found of it. */
export interface Entry {
  readonly file: UsedFile;
  readonly used: UsedExpression;
  readonly judged: Judged;
}
