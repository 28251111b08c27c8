/** A value as messages show it: quoted when it is text, short, and without ever throwing. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return shortened(JSON.stringify(value));
  if (Array.isArray(value)) return shortened(`[${value.slice(0, LONGEST).map(item).join(', ')}]`);
  if (typeof value === 'object' && value !== null) return shortened(asJson(value));
  return String(value);
}

const LONGEST = 120;

/** One level deep: untrusted lists may be nested without end. */
function item(value: unknown): string {
  return typeof value === 'object' && value !== null ? '…' : shown(value);
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'an object';
  }
}
