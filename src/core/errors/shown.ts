/** The maximum length, in characters, unless the caller gives one. */
const longest = 120;

/** A value as a message shows it: short, and quoted if it is a string. Never throws. Do not use it for possible secrets. */
export function shown(value: unknown, most = longest): string {
  try {
    if (value === undefined) return 'nothing';
    if (typeof value === 'string') return shortened(JSON.stringify(value.slice(0, most)), most);
    if (Array.isArray(value)) return shortened(`[${value.slice(0, most).map(item).join(', ')}]`, most);
    if (typeof value === 'object' && value !== null) return shortened(asJson(value), most);
    return typeof value === 'function' ? 'a function' : shortened(String(value), most);
  } catch {
    // A proxy that was revoked.
    return 'an object';
  }
}

/** One level deep, because untrusted lists may be nested to any depth. */
function item(value: unknown): string {
  return typeof value === 'object' && value !== null ? '…' : shown(value);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value) ?? 'an object';
  } catch {
    return 'an object';
  }
}
