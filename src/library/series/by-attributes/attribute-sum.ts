/**
 * A number for a set of attributes, independent of their order and of equivalent spellings. Two sets may share one, so it can
 * prove that a set is new, but never that it is known. It encodes and allocates nothing, so that a flood of new sets is cheap.
 */

/** How many characters to read at either end of a string. */
const reach = 32;

/** Undefined if the value is not a plain object. Throws what a caller's getter throws. */
export function attributeSum(attributes: unknown): number | undefined {
  if (typeof attributes !== 'object' || attributes === null || Object.getPrototypeOf(attributes) !== Object.prototype)
    return undefined;
  let sum = 0;
  for (const name in attributes) {
    const code = valueCode((attributes as Record<string, unknown>)[name]);
    if (code !== 0) sum = (sum + Math.imul(stringCode(name) ^ code, 0x9e3779b1)) | 0;
  }
  return sum;
}

/** 0 for a value that an attribute cannot have, as if it were absent, and for lists, which would need a closer look. */
function valueCode(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return stringCode(value);
    case 'number':
      // The same for -0 and 0, which are the same attribute.
      return Math.imul(value | 0, 0x85ebca6b) ^ ((value / 2 ** 32) | 0) ^ 1 || 2;
    case 'boolean':
      return value ? 3 : 4;
    default:
      return 0;
  }
}

function stringCode(text: string): number {
  const { length } = text;
  let code = Math.imul(length + 1, 0xc2b2ae35);
  const middle = Math.min(length, reach);
  for (let at = 0; at < middle; at++) code = Math.imul(code ^ unitAt(text, at), 0x01000193);
  for (let at = Math.max(middle, length - reach); at < length; at++) code = Math.imul(code ^ unitAt(text, at), 0x01000193);
  return code ^ (code >>> 15) || 5;
}

/** A lone surrogate counts as the U+FFFD that it becomes. */
function unitAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return (unit & 0xf800) === 0xd800 ? 0xfffd : unit;
}
