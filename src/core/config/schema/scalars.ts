/** Strings, flags and numbers, as strict as the Collector: `"10"` is no number, `5` no string, `yes` no flag. */
import type { Tree } from '../tree.ts';
import { placeOf, refuse } from './refuse.ts';
import type { Findings, ReadValue, Schema } from './schema.ts';
import { type Default, valueSchema } from './value.ts';

export interface TextOptions extends Default<string> {
  /** E.g. `write /v1/metrics`. */
  readonly example?: string;
  /** Undefined, or the rule that the string breaks, as "it …". */
  readonly check?: (text: string) => string | undefined;
}

/** The string of a scalar; undefined where the Collector sees no string. */
export function textOf(tree: Tree): string | undefined {
  if (tree.kind !== 'scalar') return tree.text;
  if (typeof tree.value === 'string') return tree.value;
  return tree.alsoText ? tree.text : undefined;
}

export function text(options: TextOptions = {}): Schema<string> {
  const example = options.example ?? 'write it in quotes';
  function read(given: ReadValue, findings: Findings) {
    const value = textOf(given.tree);
    const broken = value === undefined ? undefined : options.check?.(value);
    return broken === undefined ? value : refuse(given, findings, JSON.stringify(value), broken, example);
  }
  return valueSchema(
    { type: 'string', zero: '', rule: 'it is a string', example, read, print: (value) => value },
    options.default,
  );
}

/** A secret string, which no message, log or printed configuration shows. */
export function secret(options: Default<string> & { readonly rule?: string; readonly example?: string } = {}): Schema<string> {
  const { rule = 'it is a string', example = 'write it in quotes' } = options;
  return valueSchema(
    { type: 'secret', zero: '', rule, example, secret: true, read: ({ tree }) => textOf(tree), print: (value) => value },
    options.default,
  );
}

export function flag(options: Default<boolean> = {}): Schema<boolean> {
  return valueSchema(
    {
      type: 'flag',
      zero: false,
      rule: 'it is true or false',
      example: 'write true or false, without quotes',
      read: ({ tree }) => (tree.kind === 'scalar' && typeof tree.value === 'boolean' ? tree.value : undefined),
      print: (value) => value,
    },
    options.default,
  );
}

export interface WholeNumberOptions extends Default<number> {
  /** Default: 0. */
  readonly min?: number;
  /** Default: 2⁵³ − 1. */
  readonly max?: number;
  /** E.g. `write the size in bytes`. */
  readonly example?: string;
  /** Rejects a fraction, which the Collector would cut off. Default: false. */
  readonly exact?: boolean;
}

export function wholeNumber(options: WholeNumberOptions = {}): Schema<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return valueSchema(
    {
      type: 'whole number',
      zero: 0,
      rule: `it is a whole number ${range}`,
      example: options.example ?? `write ${options.default ?? Math.max(min, 1)}`,
      read(given, findings) {
        const { tree } = given;
        const value = options.exact ? tree.kind === 'scalar' && tree.value : wholeOf(given, findings);
        return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
      },
      print: (value) => value,
    },
    options.default,
  );
}

/** A finite number of at least 0, which may have a fraction. */
export function number(options: Default<number> & { readonly max?: number } = {}): Schema<number> {
  const { max = Number.MAX_VALUE } = options;
  return valueSchema(
    {
      type: 'number',
      zero: 0,
      rule: max === Number.MAX_VALUE ? 'it is a number of at least 0' : `it is a number from 0 to ${max}`,
      example: `write ${options.default ?? 1}`,
      read: ({ tree }) =>
        tree.kind === 'scalar' && typeof tree.value === 'number' && tree.value >= 0 && tree.value <= max ? tree.value : undefined,
      print: (value) => value,
    },
    options.default,
  );
}

/** Cuts off a fraction, as the Collector does, with a warning. */
export function wholeOf({ tree, keys }: ReadValue, findings: Findings): number | undefined {
  if (tree.kind !== 'scalar' || typeof tree.value !== 'number') return undefined;
  const whole = Math.trunc(tree.value) + 0;
  if (whole !== tree.value) findings.warnings.push(`${placeOf(tree.at, keys)}: ${tree.text} is no whole number; ${whole} counts`);
  return whole;
}

export interface OneOfOptions<T extends string> extends Default<T> {
  /** Ignores case, as the Collector does for `verbosity`. */
  readonly anyCase?: boolean;
  /** Values that the Collector has and that are not supported here. */
  readonly notSupported?: readonly string[];
  /** Known values that are rejected, each with its rule. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** One of the known strings. */
export function oneOf<const T extends string>(values: readonly T[], options: OneOfOptions<NoInfer<T>> = {}): Schema<T> {
  const same = options.anyCase ? (given: string) => given.toLowerCase() : (given: string) => given;
  const example = `use ${values.join(values.length === 2 ? ' or ' : ', ')}`;
  const known = new Map(values.map((value) => [same(value), value]));
  const lacking = (options.notSupported ?? []).map(
    (value) => [same(value), 'the Collector has it, meterbridge serve has not'] as const,
  );
  const refused = new Map([...Object.entries(options.refused ?? {}), ...lacking]);
  return valueSchema<T>(
    {
      type: values.join(' | '),
      rule: 'it is one of the known values',
      example,
      read(given, findings) {
        const text = textOf(given.tree);
        const rule = text === undefined ? undefined : refused.get(same(text));
        if (text === undefined || rule === undefined) return text === undefined ? undefined : known.get(same(text));
        return refuse(given, findings, JSON.stringify(text), rule, example);
      },
      print: (value) => value,
    },
    options.default,
  );
}
