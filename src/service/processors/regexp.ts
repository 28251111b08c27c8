/**
 * Regular expressions as Go has them: RE2, whose search takes time in proportion to the text, whatever the two contain. `re2js`
 * is an optional dependency and loaded with the first expression.
 */

import type { Schema } from '../../core/config/schema/index.ts';
import { refuse } from '../../core/config/schema/refuse.ts';
import { textOf } from '../../core/config/schema/scalars.ts';
import { valueSchema } from '../../core/config/schema/value.ts';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { checkInstalled, loadPackage } from '../../core/node/optional-packages.ts';

export interface Regexp {
  readonly source: string;
  /** The names of its groups, in their order; undefined for one without a name. */
  readonly groups: readonly (string | undefined)[];
  /** Whether it is found anywhere in the text. */
  test(text: string): boolean;
  /** What its groups hold where it is found first; `''` for a group that took no part. Undefined: it is not found. */
  extract(text: string): readonly string[] | undefined;
}

const name = 're2js';
const isRegexp = 'it is a regular expression of RE2';

/** @throws the parser's error, whose message says what is wrong */
export function compileRegexp(source: string): Regexp {
  checkInstalled('a regular expression of a processor', [name]);
  const compiled = loadPackage<typeof import('re2js')>(name).RE2JS.compile(source);
  const count = compiled.groupCount();
  const names = new Map(Object.entries(compiled.namedGroups()).map(([group, number]) => [Number(number), group]));
  return Object.freeze({
    source,
    groups: Array.from({ length: count }, (_, index) => names.get(index + 1)),
    test: (text: string) => compiled.test(text),
    extract(text: string) {
      const matcher = compiled.matcher(text);
      return matcher.find() ? Array.from({ length: count }, (_, index) => matcher.group(index + 1) ?? '') : undefined;
    },
  });
}

/** What `compileRegexp` has thrown, for a problem: the expression is wrong, or the package is missing. */
export function wrongIn(error: unknown): Pick<Problem, 'rule' | 'fix'> {
  const [missing] = error instanceof MeterbridgeError ? error.problems : [];
  if (missing !== undefined) return { rule: `${missing.rule}: ${name}`, fix: missing.fix };
  const why = String(error instanceof Error ? error.message : error).replace(/^error parsing regexp: /, '');
  return { rule: `${isRegexp}: ${why}`, fix: 'see https://github.com/google/re2/wiki/Syntax' };
}

/** A regular expression; required, unless it is wrapped in `optional`. */
export function regexp(): Schema<Regexp> {
  return valueSchema<Regexp>({
    type: 'regular expression',
    rule: isRegexp,
    example: 'write ^name_',
    zero: '',
    read(given, findings) {
      const source = textOf(given.tree);
      if (source === undefined) return undefined;
      try {
        return compileRegexp(source);
      } catch (error) {
        const { rule, fix } = wrongIn(error);
        return refuse(given, findings, JSON.stringify(source), rule, fix);
      }
    },
    print: ({ source }) => source,
  });
}
