/** What `include` and `exclude` have alike in `attributes` and `filter`. */
import { type Checker, flag, list, oneOf, section, text, wholeNumber, withoutEffect } from '../../../core/config/schema/index.ts';
import type { AnyValue } from '../../../formats/otlp/batch/batch-tree.ts';
import { anyValue } from '../any-value.ts';
import { compileRegexp, wrongIn } from '../regexp.ts';

export const matchType = oneOf(['strict', 'regexp'], { notSupported: ['expr'] });
export type MatchType = 'strict' | 'regexp';

/** Names: equal to one of them, or one of the expressions is found in them. */
export const metricNames = list(text(), { default: [] });

/** An attribute: it is there, or it has this value. */
export const attributePattern = section({
  key: text({ check: (key) => (key === '' ? 'it is a name' : undefined) }),
  value: anyValue(),
});
export interface AttributePattern {
  readonly key: string;
  readonly value: AnyValue | undefined;
}

export const regexpOptions = withoutEffect(
  section({ cacheenabled: flag({ default: false }), cachemaxnumentries: wholeNumber({ default: 0 }) }),
  'what was matched once is remembered anyway',
);

/** Each expression can be compiled, whose place in the file is that of the list. */
export function checkExpressions(type: MatchType, key: string, expressions: readonly (string | undefined)[], on: Checker): void {
  if (type === 'strict') return;
  for (const expression of expressions) {
    if (expression === undefined)
      on.refuse(key, 'a value that is no string', 'regular expressions match strings', 'put it in quotes, or use strict');
    else {
      try {
        compileRegexp(expression);
      } catch (error) {
        const { rule, fix } = wrongIn(error);
        on.refuse(key, JSON.stringify(expression), rule, fix);
      }
    }
  }
}
