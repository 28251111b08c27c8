/** The API's `ValueType.INT`: fractional digits are ignored, and what has no whole part is no value. */

import type { Kind } from '../../../naming/kind.ts';
import { warn } from '../../otel-api/api.ts';
import { valueRule } from '../../value-rule.ts';

/** What the kind refuses is left as it is: -0.3 is not 0 to a counter. */
export function wholeNumbers(name: string, kind: Kind): (value: unknown) => unknown {
  const accepts = valueRule(kind);
  let told = false;
  return (value) => {
    if (Number.isInteger(value) || !accepts(value)) return value;
    if (!told)
      warn(`${name}: an instrument of integers was given ${value}; fractional digits are ignored. Fix: round it, or leave valueType out.`);
    told = true;
    return Number.isFinite(value) ? Math.trunc(value) : undefined;
  };
}
