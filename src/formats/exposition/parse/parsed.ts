/** What the parsers read, and what they find fault with. */
import type { Kind } from '../../../core/naming/kind.ts';
import { type FindingId, findings } from './findings.ts';

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
  /** NaN where the sample is a native histogram. */
  readonly value: number;
  /** Seconds since the epoch in every format (text 0.0.4 and protobuf write milliseconds). */
  readonly timestamp?: number;
  readonly exemplar?: ParsedExemplar;
  /** Seconds since the epoch: the created timestamp, which only protobuf has beside the value. */
  readonly start?: number;
  /** Only protobuf has native histograms. The sample has the family's name. */
  readonly histogram?: NativeHistogram;
}

/** A native histogram with an absolute count per bucket. */
export interface NativeHistogram {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly positive: NativeBuckets;
  readonly negative: NativeBuckets;
  /** Counts are doubles, which need not be whole. */
  readonly float: boolean;
  readonly exemplars: readonly ParsedExemplar[];
}

export interface NativeBuckets {
  /** Offset from the end of the span before (of the first: its first bucket's index), and length. */
  readonly spans: readonly (readonly [number, number])[];
  /** Exact up to 2^53. */
  readonly counts: readonly number[];
}

export interface ParsedFamily {
  /** The name in TYPE: for a counter `runs` in OpenMetrics and `runs_total` in text 0.0.4. */
  readonly name: string;
  /** Text's `untyped`, and a family without TYPE, become `unknown`. */
  readonly kind: Kind;
  readonly help?: string;
  /** Only OpenMetrics and protobuf have units. */
  readonly unit?: string;
  readonly samples: readonly ParsedSample[];
}

/**
 * One problem, its place (line and column from 1, columns in UTF-16 units; in protobuf the line is the number of the message and
 * the column the byte in the exposition), and the fix. `findings` has the rule's link.
 */
export interface ParseProblem {
  readonly id: FindingId;
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

/** `rejected`: Prometheus rejects the exposition, too, or this part of it. */
export type Report = (line: number, fault: Fault, rejected?: boolean) => void;

/** Rule and fix are the catalogue's, unless they name something of this exposition. */
export function faultOf(
  id: FindingId,
  column: number,
  got: string,
  own: { readonly rule?: string; readonly fix?: string } = {},
): Fault {
  return {
    id,
    column,
    rule: own.rule ?? findings[id].rule,
    got: got === '' ? 'an empty name' : got,
    fix: own.fix ?? findings[id].fix,
  };
}
