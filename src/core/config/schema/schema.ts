/**
 * What a key of a configuration may hold: one declaration gives the check, the settings' type, the defaults and the
 * documentation.
 */
import type { Problem } from '../../errors/error.ts';
import type { Tree } from '../tree.ts';

/** The value that a schema reads, and its place. */
export interface ReadValue {
  readonly tree: Tree;
  /** The keys that lead here, joined with dots: `receivers.otlp.protocols`. Empty for the whole file. */
  readonly keys: string;
}

/** The problems and warnings of a reading. */
export interface Findings {
  readonly problems: Problem[];
  /** One line each, which names the place. */
  readonly warnings: string[];
}

/** A value that breaks rules; `Findings.problems` has them. */
export const wrong: unique symbol = Symbol.for('meterbridge.config.wrong');
export type Wrong = typeof wrong;

/**
 * A value that JSON can express; a whole number that is written with its point, since it is a double (`7.0`), is what
 * `JSON.rawJSON` returns.
 */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export interface Schema<T> {
  /** The name of the type in documentation: `duration`, `list of string`. */
  readonly type: string;
  /** As `print` returns it. Undefined: the key is required, or its absence has a meaning. */
  readonly byDefault: Plain | undefined;
  readonly required: boolean;
  /** The keys of a section; undefined for everything else. */
  readonly keys?: Keys;
  /** The schema of each value of a map, or of each item of a list. */
  readonly each?: Schema<unknown>;
  /** Its absence has a meaning. */
  readonly isOptional?: true;
  /** `given.tree` is anything, `nothing` included. */
  read(given: ReadValue, findings: Findings): T | Wrong;
  /** For an absent key; `given` has the place of what it is missing in. */
  absent(given: ReadValue, findings: Findings): T | Wrong;
  /** Settings as the user would write them; secrets as `[REDACTED]` unless `unredacted`. Undefined: not at all. */
  print(value: T, unredacted: boolean): Plain | undefined;
}

/** The settings that a schema reads. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** A key whose value is checked and then ignored, with a warning that gives the reason. */
export interface WithoutEffect {
  readonly state: 'ignored';
  readonly schema: Schema<unknown>;
  readonly why: string;
}

/** A key that the Collector accepts, and that is an error here. */
export interface NotSupported {
  readonly state: 'not supported';
  readonly why: string;
}

/** A key that the Collector had. */
export interface NoLonger {
  readonly state: 'no longer';
  readonly why: string;
}

export type Key = Schema<unknown> | WithoutEffect | NotSupported | NoLonger;
export type Keys = Readonly<Record<string, Key>>;

/** @param why what there is instead, as a sentence without its full stop: `responses are never compressed` */
export function withoutEffect(schema: Schema<unknown>, why: string): WithoutEffect {
  return Object.freeze({ state: 'ignored', schema, why });
}

/** @param why what to do instead, as an imperative: `leave it out`, which is the default */
export function notSupported(why = 'leave it out'): NotSupported {
  return Object.freeze({ state: 'not supported', why });
}

/** @param why what to do instead, as an imperative */
export function noLonger(why: string): NoLonger {
  return Object.freeze({ state: 'no longer', why });
}
