/** Which values of a closed set a matcher selects, and what it has to be to select what became of them. */
import { loadPackage } from '../../../core/node/optional-packages.ts';
import type { Matcher, MatchOp } from './syntax/ast.ts';
import { alternatives, literalPattern } from './syntax/strings.ts';

/** Patterns match whole values, in RE2's syntax; Prometheus lets `.` match a line's end. Undefined: it is no pattern. */
function wholeMatcher(pattern: string): ((text: string) => boolean) | undefined {
  const { RE2JS } = loadPackage<typeof import('re2js')>('re2js');
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.DOTALL);
    return (text) => compiled.matches(text);
  } catch {
    return undefined;
  }
}

/** Undefined: its pattern is none. */
export function selects({
  op,
  value,
}: {
  readonly op: MatchOp;
  readonly value: string;
}): ((text: string) => boolean) | undefined {
  if (op === '=') return (text) => text === value;
  if (op === '!=') return (text) => text !== value;
  const matches = wholeMatcher(value);
  if (matches === undefined || op === '=~') return matches;
  return (text) => !matches(text);
}

export interface NewMatcher {
  readonly op: MatchOp;
  readonly value: string;
}

/** What of a closed set became what. */
export interface ChangedSet {
  readonly old: readonly string[];
  /** Undefined: it is not closed any more. */
  readonly now: readonly string[] | undefined;
  readonly changed: ReadonlyMap<string, readonly string[]>;
}

export const newValues = ({ changed }: ChangedSet, value: string): readonly string[] => changed.get(value) ?? [value];

/**
 * The matcher that selects in the new set what became of what `matcher` selects in the old one. `same`: it does so as it is.
 * Undefined: no matcher can, since one new value holds an old one that it selects and another that it does not, or its pattern is
 * none.
 */
export function translate(matcher: Matcher, set: ChangedSet): NewMatcher | 'same' | undefined {
  const test = selects(matcher);
  if (test === undefined) return undefined;
  const wanted = new Set(set.old.filter(test).flatMap((value) => newValues(set, value)));
  const unwanted = new Set(set.old.filter((value) => !test(value)).flatMap((value) => newValues(set, value)));
  if ([...wanted].some((value) => unwanted.has(value))) return undefined;
  const isRight = (candidate: (text: string) => boolean) => [...wanted].every(candidate) && ![...unwanted].some(candidate);
  if (isRight(test)) return 'same';
  return candidates(matcher, set, wanted, unwanted).find((candidate) => {
    const matches = selects(candidate);
    return matches !== undefined && isRight(matches);
  });
}

/** The nearest to what was written first. */
function candidates(
  { op, value }: Matcher,
  set: ChangedSet,
  wanted: ReadonlySet<string>,
  unwanted: ReadonlySet<string>,
): NewMatcher[] {
  const negative = op === '!=' || op === '!~';
  const listed = op === '=' || op === '!=' ? [value] : alternatives(value);
  const own = listed?.flatMap((each) => (set.old.includes(each) ? newValues(set, each) : [each]));
  const pattern = (values: Iterable<string>) => [...new Set(values)].map(literalPattern).join('|');
  const found: NewMatcher[] = [];
  if (own !== undefined && own.length === 1 && (op === '=' || op === '!=')) found.push({ op, value: own[0] ?? '' });
  if (own !== undefined && own.length > 0) found.push({ op: negative ? '!~' : '=~', value: pattern(own) });
  if (!negative && wanted.size > 0) found.push({ op: '=~', value: pattern(wanted) });
  if (negative && unwanted.size > 0) found.push({ op: '!~', value: pattern(unwanted) });
  return found;
}
