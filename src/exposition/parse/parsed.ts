/** The result of the strict parser, and its problems. Types only. */
import type { Kind } from '../../naming/kind.ts';

export interface ParsedExemplar {
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp?: number;
}

export interface ParsedSample {
  /** The sample's own name, suffix included (`runwisp_runs_total`). */
  readonly name: string;
  /** In their order, values unescaped. */
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
  /** Seconds since the epoch in both formats (text 0.0.4 writes milliseconds). */
  readonly timestamp?: number;
  readonly exemplar?: ParsedExemplar;
}

export interface ParsedFamily {
  /** The name in TYPE: for a counter `runs` in OpenMetrics and `runs_total` in text 0.0.4. */
  readonly name: string;
  /** Text's `untyped`, and a family without TYPE, become `unknown`. */
  readonly kind: Kind;
  readonly help?: string;
  /** Only OpenMetrics has units. */
  readonly unit?: string;
  readonly samples: readonly ParsedSample[];
}

/** One problem, its location (line and column from 1, columns in UTF-16 units), and the fix. */
export interface ParseProblem {
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly got: string;
  readonly fix: string;
}

export type ParseResult =
  | { readonly ok: true; readonly families: readonly ParsedFamily[] }
  | { readonly ok: false; readonly problems: readonly ParseProblem[] };

/** A problem whose line the caller knows. */
export type Fault = Omit<ParseProblem, 'line'>;
