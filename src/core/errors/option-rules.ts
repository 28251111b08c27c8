/** The rules of options, as data: every public function checks what it is given by these. */
import type { ErrorCode } from './catalogue.ts';
import { optionProblems } from './check-options.ts';
import { MeterbridgeError, type Problem } from './error.ts';
import { shown } from './shown.ts';

/** What is wrong with a value; `at` is its place as the user spelled it. An option that is left out is right. */
export type OptionRule = (value: unknown, at: string) => readonly Problem[];

/** One rule for each option of `T`, so that none is forgotten. */
export type OptionRules<T> = Readonly<Record<keyof T & string, OptionRule>>;

/** `got` replaces the value in the message, where it may be a secret. */
export function must(
  accepts: (value: unknown) => boolean,
  rule: string,
  fix: string,
  got = (value: unknown) => shown(value, 60),
): OptionRule {
  return (value, at) => (value === undefined || accepts(value) ? [] : [{ at, got: got(value), rule, fix }]);
}

export const anything: OptionRule = () => [];
export const flag = must(
  (value) => typeof value === 'boolean',
  'it is true or false',
  'write true, or leave it out for the default',
);
export const text = must(
  (value) => typeof value === 'string' && value !== '',
  'it is a text',
  'write it in quotes, or leave it out',
);
export const callback = must(
  (value) => typeof value === 'function',
  'it is a function',
  'pass the function itself, uncalled, or leave it out',
);
export const object = must(isObject, 'it is an object', 'pass an object, or leave it out');

/** A path of a URL. */
export const urlPath = must(
  (value) => typeof value === 'string' && value.startsWith('/'),
  'a path begins with /',
  "write e.g. '/metrics', or leave it out",
);

/** A list whose items keep a rule. */
export function listOf(rule: OptionRule, fix: string): OptionRule {
  return (value, at) => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return [{ at, got: shown(value, 60), rule: 'it is a list', fix }];
    return value.flatMap((item, index) =>
      item === undefined
        ? [{ at: `${at}[${index}]`, got: 'nothing', rule: 'each item is given', fix }]
        : rule(item, `${at}[${index}]`),
    );
  };
}

export function choice(...names: readonly [string, ...string[]]): OptionRule {
  const rule = `it is ${names.map((name) => `'${name}'`).join(' or ')}`;
  return must((value) => names.includes(value as string), rule, 'use one of them, or leave it out');
}

/** The largest delay of a Node.js timer, in ms; a longer one would fire at once. */
const maxTimerMs = 2_147_483_647;

/** A number above 0. */
export function positive(most = maxTimerMs): OptionRule {
  const fix = 'give such a number, or leave it out for the default';
  const accepts = (value: unknown) => typeof value === 'number' && value > 0 && value <= most;
  return must(accepts, `it must be a positive number of at most ${most}`, fix, (value) =>
    typeof value === 'number' ? String(value) : shown(value, 60),
  );
}

export function atLeast(least: number): OptionRule {
  const accepts = (value: unknown) => typeof value === 'number' && value >= least;
  return must(accepts, `it is a number of at least ${least}`, 'give such a number, or leave it out for the default');
}

/** An object of these options and no others. */
export function options(rules: Readonly<Record<string, OptionRule>>): OptionRule {
  return (given, at) => {
    if (given === undefined) return [];
    const problems = optionProblems(given, at, Object.keys(rules));
    if (!isObject(given)) return problems;
    for (const [key, rule] of Object.entries(rules))
      problems.push(...rule((given as Record<string, unknown>)[key], `${at}.${key}`));
    return problems;
  };
}

/** True, false, or an object of options. */
export function flagOr(rules: Readonly<Record<string, OptionRule>>): OptionRule {
  const given = options(rules);
  return (value, at) => (typeof value === 'boolean' ? [] : given(value, at));
}

/** @throws a MeterbridgeError of this code that names every problem */
export function checkOptions(code: ErrorCode, given: unknown, at: string, rules: Readonly<Record<string, OptionRule>>): void {
  const problems = options(rules)(given, at);
  if (problems.length > 0) throw new MeterbridgeError(code, problems);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
