/** The API's `ValueType.INT`: drops fractional digits, and rejects values that are not finite. */

import type { Kind } from '../../../../core/naming/kind.ts';
import { valueRule } from '../../../../core/store/index.ts';
import { warn } from '../../otel-api/api.ts';

/** Leaves a value that the kind rejects unchanged: a counter must not read -0.3 as 0. */
export function wholeNumbers(name: string, kind: Kind): (value: unknown) => unknown {
  const accepts = valueRule(kind);
  let warned = false;
  return (value) => {
    if (Number.isInteger(value) || !accepts(value)) return value;
    if (!warned)
      warn(
        `${name}: an instrument of integers was given ${value}; fractional digits are ignored. Fix: round it, or leave valueType out.`,
      );
    warned = true;
    return Number.isFinite(value) ? Math.trunc(value) : undefined;
  };
}
