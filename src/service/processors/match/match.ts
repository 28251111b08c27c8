/** Matches names and attributes as a configuration says. */

import type { AnyValue } from '../../../formats/otlp/batch/batch-tree.ts';
import { decodeAnyValue, encodeAnyValue } from '../../../formats/otlp/value/any-value-bytes.ts';
import { readAttributes } from '../../../formats/otlp/value/attribute-list.ts';
import { compileRegexp } from '../regexp.ts';
import type { AttributePattern, MatchType } from './config.ts';

/** Undefined: there are no names, and so no rule. */
export function matchNames(type: MatchType, names: readonly string[]): ((name: string) => boolean) | undefined {
  if (names.length === 0) return undefined;
  if (type === 'strict') return (name) => names.includes(name);
  const expressions = names.map(compileRegexp);
  return (name) => expressions.some((expression) => expression.test(name));
}

/** All of them hold. Undefined: there are none, and so no rule. */
export function matchAttributes(
  type: MatchType,
  patterns: readonly AttributePattern[],
): ((attributes: Uint8Array) => boolean) | undefined {
  if (patterns.length === 0) return undefined;
  const tests = patterns.map(({ key, value }) => ({ key, holds: holdsFor(type, value) }));
  return (attributes) => {
    const list = readAttributes(attributes);
    return tests.every(({ key, holds }) => {
      const found = list.find((attribute) => attribute.key === key);
      return found !== undefined && holds(found.value);
    });
  };
}

function holdsFor(type: MatchType, wanted: AnyValue | undefined): (value: Uint8Array) => boolean {
  if (wanted === undefined) return () => true;
  if (type === 'regexp') {
    const expression = compileRegexp(wanted.stringValue ?? '');
    return (value) => {
      const text = simpleText(decodeAnyValue(value));
      return text !== undefined && expression.test(text);
    };
  }
  // As in IEEE 754, it is not even equal to itself.
  if (hasNaN(wanted)) return () => false;
  const expected = canonical(wanted);
  return (value) => canonical(decodeAnyValue(value)) === expected;
}

/** As Go's `strconv` writes them. Undefined: a list, a map, bytes, or nothing, which no expression matches. */
function simpleText({ stringValue, boolValue, intValue, doubleValue }: AnyValue): string | undefined {
  if (doubleValue !== undefined) return plainNumber(doubleValue);
  return stringValue ?? boolValue?.toString() ?? intValue?.toString();
}

/** Never with an exponent. */
function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(value)) ?? [];
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const negative = Object.is(value, -0) ? '-' : sign;
  if (point <= 0) return `${negative}0.${'0'.repeat(-point)}${digits}`;
  return negative + (point >= digits.length ? digits.padEnd(point, '0') : `${digits.slice(0, point)}.${digits.slice(point)}`);
}

function hasNaN({ doubleValue, kvlistValue, arrayValue }: AnyValue): boolean {
  if (arrayValue !== undefined) return arrayValue.values.some(hasNaN);
  return Number.isNaN(doubleValue) || kvlistValue?.values.some(({ value }) => value !== undefined && hasNaN(value)) === true;
}

/** The same for equal values, NaN aside: type and value count, the order of a map's keys does not. */
function canonical(value: AnyValue): string {
  const { doubleValue, kvlistValue, arrayValue } = value;
  // Unlike bytes, 0 and -0 are equal.
  if (doubleValue !== undefined) return `double ${doubleValue}`;
  if (arrayValue !== undefined) return `[${arrayValue.values.map(canonical).join(',')}]`;
  if (kvlistValue !== undefined) {
    const members = kvlistValue.values.map(({ key = '', value: one = {} }) => `${JSON.stringify(key)}:${canonical(one)}`);
    return `{${members.sort().join(',')}}`;
  }
  return Buffer.from(encodeAnyValue(value)).toString('latin1');
}
