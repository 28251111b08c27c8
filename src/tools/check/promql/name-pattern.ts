/** Selectors without one name: patterns of names, and labels alone. */

import { beyond, broken, type Context, isOpaque } from './context.ts';
import { familyOf, keepsAllButName, seriesOf } from './family.ts';
import type { Matcher, Selector } from './syntax/ast.ts';
import { alternatives, literalPattern, quote } from './syntax/strings.ts';
import { selects } from './values.ts';

/** Whether it has been rewritten. */
export function byPattern(context: Context, selector: Selector): boolean {
  const { diff } = context;
  const names = selector.matchers.filter(({ label }) => label.name === '__name__');
  const tests = names.map(selects);
  const concerned: string[] = [];
  for (const mapping of diff.mappings.values())
    for (const series of seriesOf(mapping.from)) {
      const finds = tests.every((test) => test?.(series) === true);
      if (finds && !(keepsAllButName(mapping) && mapping.to?.series === mapping.from.series)) concerned.push(series);
    }
  if (concerned.length === 0) return false;
  const [pattern] = names;
  if (pattern === undefined || names.every(({ op }) => op !== '=~')) {
    const noted = { part: 'metric', impact: 'risky', series: concerned } as const;
    beyond(
      context,
      selector,
      'no-name',
      noted,
      `it may select ${concerned.length} series that have changed, as it names no metric`,
    );
    return false;
  }
  return rewritten(context, pattern, concerned, names.length);
}

function rewritten(context: Context, pattern: Matcher, concerned: readonly string[], count: number): boolean {
  const noted = { part: 'metric', impact: 'breaking', series: concerned, value: pattern.value } as const;
  const message = `the pattern ${pattern.value} finds series that have changed: ${concerned.join(', ')}`;
  const listed = isOpaque(context, pattern.valueAt) || count > 1 ? undefined : alternatives(pattern.value);
  const now = listed?.map((name) => {
    const family = familyOf(context.diff, name);
    if (family === undefined) return name;
    return keepsAllButName(family.mapping) ? `${family.mapping.to?.series}${family.part}` : undefined;
  });
  if (now === undefined || now.includes(undefined)) {
    beyond(context, pattern, 'name-pattern', noted, message);
    return false;
  }
  broken(context, pattern, noted, message);
  const source = context.text.slice(pattern.valueAt.from, pattern.valueAt.to);
  context.edits.replace(pattern.valueAt, quote(now.map((name) => literalPattern(name ?? '')).join('|'), source));
  return true;
}
