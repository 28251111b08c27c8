/**
 * Builders of the three kinds of label, and of the constant ones that a program decides. All are bounded: a contract has no
 * unbounded label.
 */
import { publicFunctions } from '../errors/caller.ts';
import { checkKeys } from '../errors/check-options.ts';
import type { CappedLabel, ClosedLabel, ConstantLabel, IdentityLabel, LabelValue, Metric, Parameter } from './metric.ts';

/** The default number of named values of a capped label: few enough for the legend of a panel. */
const DEFAULT_CAP = 100;
/**
 * Enough for the things of one sort on one machine, and far below the 2,000 attribute sets at which an SDK aggregates everything
 * into one series.
 */
const DEFAULT_IDENTITIES = 1_000;
/** Bytes of UTF-8: longer than any readable route or name, while a client may send a user agent of 16 kB. */
export const DEFAULT_MAX_BYTES = 256;
/** The value for the excess. */
const DEFAULT_OTHER = 'other';

export interface BoundOptions {
  /** The most values to expose. Default: 100 of `capped`, 1,000 of `identity`. */
  readonly limit?: number;
  /** The value into which the excess is aggregated. Default `other`. */
  readonly other?: string;
  /**
   * The most bytes of UTF-8 of a value, at least 32. A longer value counts, and is recorded as its beginning, `…` and 16 digits
   * of its SHA-256; beyond 16,384 characters, the hash covers only beginning, end and length. Default 256.
   */
  readonly maxBytes?: number;
  /**
   * A series for which a call passes `''` lacks the label, on pull and in a push, as one lacks an attribute that has no value.
   * Default: false.
   */
  readonly optional?: boolean;
}

/**
 * A closed set, e.g. `oneOf('success', 'failed')`. Any other value does not compile; from untyped code, it is rejected and
 * counted. `fold(text)` fits any string into the set: it trims it, ignores case, and returns `other` for a string outside the
 * set. Without `other` in the set it returns such a string unchanged, and recording it is rejected and counted.
 *
 * Values may also be numbers and booleans, e.g. `oneOf(200, 404)`: a call passes 404 or `'404'`, and the series has `"404"`.
 */
export function oneOf<const V extends LabelValue>(...values: V[]): ClosedLabel<V> {
  const exposed = values.map(
    (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value) as `${V}`,
  );
  const byFolded = new Map<string, `${V}`>();
  for (const value of exposed) byFolded.set(String(value).toLowerCase(), value);
  function fold(text: string): `${V}` {
    const folded = text.trim().toLowerCase();
    return byFolded.get(folded) ?? byFolded.get(DEFAULT_OTHER) ?? (folded as `${V}`);
  }
  return Object.freeze({ kind: 'closed', values: Object.freeze(exposed), fold });
}

/**
 * Exposes the first `limit` values and adds up all later ones under `other`. For values that others choose. Values are strings; a
 * type argument says otherwise: with `capped<number>({ limit: 60 })` a call passes `{ status: 404 }`.
 */
export function capped(options?: BoundOptions): CappedLabel<string>;
export function capped<V extends LabelValue>(options?: BoundOptions): CappedLabel<V>;
export function capped(options: BoundOptions = {}): CappedLabel<LabelValue> {
  checkKeys('CONTRACT_INVALID', options, 'capped()', knownOptions);
  return Object.freeze({ kind: 'capped', limit: options.limit ?? DEFAULT_CAP, ...values(options) });
}

/**
 * Names a thing that comes and goes, e.g. a task; its series stay until `remove`. Beyond `limit` things at a time, counters and
 * histograms are aggregated into
 * `other`, and gauges are rejected, because their sum has no meaning. Values are strings, unless a type argument says otherwise,
 * e.g. `identity<number>()`.
 */
export function identity(options?: BoundOptions): IdentityLabel<string>;
export function identity<V extends LabelValue>(options?: BoundOptions): IdentityLabel<V>;
export function identity(options: BoundOptions = {}): IdentityLabel<LabelValue> {
  checkKeys('CONTRACT_INVALID', options, 'identity()', knownOptions);
  return Object.freeze({ kind: 'identity', limit: options.limit ?? DEFAULT_IDENTITIES, ...values(options) });
}

/**
 * A constant label whose value the program decides when it runs, for `constantLabels`: `{ hostname: parameter(os.hostname()) }`.
 * The contract promises one value on all series of a page, whatever it is. `toJson` and the documentation leave it out.
 *
 * @param value this program's. Default: none, for a contract that only `check` and other commands read; recording with it is
 * `CONTRACT_INVALID`
 */
export function parameter(value?: string): Parameter {
  return Object.freeze({ kind: 'parameter', ...(value !== undefined && { value }) });
}

/** Undefined: the program decides, and has not yet. */
export function constantValue(label: ConstantLabel): string | undefined {
  return typeof label === 'string' ? label : label.value;
}

/** A metric's constant labels that the program decides. */
export function parametersOf({ constantLabels }: Pick<Metric, 'constantLabels'>): readonly string[] {
  return Object.entries(constantLabels).flatMap(([name, label]) => (typeof label === 'string' ? [] : [name]));
}

const knownOptions: readonly string[] = Object.keys({ limit: 0, other: 0, maxBytes: 0, optional: 0 } satisfies Record<
  keyof BoundOptions,
  0
>);

function values({ other = DEFAULT_OTHER, maxBytes = DEFAULT_MAX_BYTES, optional = false }: BoundOptions) {
  return { other, maxBytes, optional };
}

/** Whether a series whose value is empty lacks the label. */
export function isOptional({ labels }: Pick<Metric, 'labels'>, name: string): boolean {
  const label = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return label !== undefined && label.kind !== 'closed' && label.optional;
}

publicFunctions(capped, identity, parameter);
