/** The maximum length, in characters. */
const longest = 120;

/** A value as a message shows it: short, and quoted if it is a string. Never throws. Do not use it for possible secrets. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return shortened(JSON.stringify(value));
  if (Array.isArray(value)) return shortened(`[${value.slice(0, longest).map(item).join(', ')}]`);
  if (typeof value === 'object' && value !== null) return shortened(asJson(value));
  return typeof value === 'function' ? 'a function' : shortened(String(value));
}

/** One level deep, because untrusted lists may be nested to any depth. */
function item(value: unknown): string {
  return typeof value === 'object' && value !== null ? '…' : shown(value);
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value) ?? 'an object';
  } catch {
    return 'an object';
  }
}
