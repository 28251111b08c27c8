import type { Plain } from './schema.ts';

// TypeScript's library does not have them yet.
interface RawJson {
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}
const raw = JSON as unknown as RawJson;

/** A double as it is written: `7.0`, since `7` would be an integer. */
export function plainDouble(value: number): Plain {
  if (!Number.isInteger(value)) return value;
  const text = Object.is(value, -0) ? '-0' : String(value);
  return raw.rawJSON(text.includes('e') ? text : `${text}.0`);
}

/** The text of a `plainDouble` that is a whole number; undefined for every other value. */
export function wholeDouble(value: unknown): string | undefined {
  return raw.isRawJSON(value) ? value.rawJSON : undefined;
}
