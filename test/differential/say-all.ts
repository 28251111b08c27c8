/** For `JSON.stringify`, which has no word for the numbers that are none: an attribute may be one. */
export function sayAll(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? `number ${value}` : value;
}
