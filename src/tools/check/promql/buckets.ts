/** The label `le` of classic buckets: its values are bounds, so they change with the unit. */

import type { Mapping } from '../diff/change.ts';
import { noteBound } from './already.ts';
import { beyond, broken, type Context } from './context.ts';
import { isNear, keepsBounds } from './family.ts';
import { rounded } from './settle.ts';
import type { Matcher } from './syntax/ast.ts';
import { quote } from './syntax/strings.ts';

export interface Bounds {
  readonly boundScale: number;
  /** The values of `le` that are others. */
  readonly values: ReadonlyMap<string, string>;
}

const unchanged: Bounds = { boundScale: 1, values: new Map() };

export function boundsOf(
  context: Context,
  at: { readonly from: number; readonly to: number },
  matchers: readonly Matcher[],
  mapping: Mapping,
): Bounds {
  const { from, to, factor } = mapping;
  const own = matchers.filter(({ label, value }) => label.name === 'le' && !isInfinite(value));
  const pinned = matchers.find(({ label, op }) => label.name === 'le' && op === '=');
  const noted = { part: 'bound', impact: 'breaking', series: [from.series], label: 'le' } as const;
  if (to === undefined || factor === undefined) return unchanged;
  if (pinned !== undefined && isInfinite(pinned.value)) return unchanged;
  if (pinned !== undefined) {
    const bound = Number(pinned.value);
    const now = to.bounds.find((each) => isNear(each, bound * factor));
    // It has never matched, and does not now.
    if (!from.bounds.includes(bound)) return unchanged;
    if (now === undefined) {
      beyond(
        context,
        pinned,
        'bounds-changed',
        { ...noted, value: pinned.value },
        `${to.series} has no bound ${goFloat(rounded(bound * factor))}`,
      );
      return unchanged;
    }
    if (factor === 1 || noteBound(context, pinned, mapping)) return unchanged;
    const text = boundText(now, pinned.value);
    broken(context, pinned, { ...noted, value: pinned.value }, `the bound ${pinned.value} of ${from.series} is now ${text}`);
    const source = context.text.slice(pinned.valueAt.from, pinned.valueAt.to);
    context.edits.replace(pinned.valueAt, quote(text, source));
    return { boundScale: 1, values: new Map([[pinned.value, text]]) };
  }
  if (!keepsBounds(mapping)) {
    beyond(
      context,
      at,
      'bounds-changed',
      { ...noted, impact: 'risky' },
      `the bounds of ${from.series} are others, and with them what is estimated from its buckets`,
    );
    return unchanged;
  }
  const [pattern] = own;
  if (factor !== 1 && pattern !== undefined)
    beyond(
      context,
      pattern,
      'bounds-changed',
      noted,
      `the bounds of ${from.series} are in another unit, and a pattern of them is not converted`,
    );
  return { boundScale: 1 / factor, values: new Map() };
}

const isInfinite = (value: string) => value === '+Inf';

/**
 * `1` or `1.0`, as the old one was: Prometheus 3 keeps bounds as `1.0` whatever the format was, and before it the text format had
 * `1`.
 */
function boundText(bound: number, like: string): string {
  const text = goFloat(bound);
  return /^-?\d+$/.test(text) && !/^\d+$/.test(like) ? `${text}.0` : text;
}

/** As Go's `FormatFloat(value, 'g', -1, 64)`. */
function goFloat(value: number): string {
  if (value === 0) return '0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  // JavaScript has no exponent here.
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
