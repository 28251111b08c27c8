/** Reads a table of TOML or YAML by a list of keys: what does not fit becomes a problem, and reading goes on. */
import type { Problem } from '../src/index.ts';

/** How one key is read. `read` gives undefined for a value that breaks the rule. */
export interface Key<T> {
  read(value: unknown): T | undefined;
  readonly rule: string;
  readonly fix: string;
  /** The value is never shown. */
  readonly secret?: boolean;
}

type Keys = Readonly<Record<string, Key<unknown>>>;
type Values<K extends Keys> = { -readonly [N in keyof K]?: K[N] extends Key<infer T> ? T : never };
export type Table = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Reads `table`, which the user knows as `at` (empty: the whole file); `elsewhere` names keys that somebody else reads. */
export function readTable<K extends Keys>(
  at: string,
  table: unknown,
  keys: K,
  problems: Problem[],
  elsewhere: (key: string) => boolean = () => false,
): Values<K> {
  const values: Record<string, unknown> = {};
  if (table === undefined) return values as Values<K>;
  if (!isTable(table)) {
    problems.push({ at, got: shown(table), rule: 'this is a table', fix: 'give it keys with values' });
    return values as Values<K>;
  }
  for (const [name, value] of Object.entries(table)) {
    if (elsewhere(name)) continue;
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    const place = at === '' ? name : `${at}.${name}`;
    const known = Object.keys(keys).join(', ');
    if (key === undefined) problems.push({ at: place, got: `a ${typeof value}`, rule: 'unknown key', fix: `use one of ${known}` });
    else values[name] = readValue(place, value, key, problems);
  }
  return values as Values<K>;
}

/** Reads one value, which the user knows as `at`. */
export function readValue<T>(at: string, value: unknown, key: Key<T>, problems: Problem[]): T | undefined {
  const read = key.read(value);
  if (read === undefined) problems.push({ at, got: key.secret === true ? '[redacted]' : shown(value), rule: key.rule, fix: key.fix });
  return read;
}

export const text: Key<string> = {
  read: (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined),
  rule: 'this is a text that is not empty',
  fix: 'write it in quotes',
};

export const secret: Key<string> = { ...text, secret: true };

export const port: Key<number> = {
  read: (value) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : undefined),
  rule: 'a port is a whole number from 0 (any free one) to 65535',
  fix: 'write e.g. 9477',
};

export const count: Key<number> = {
  read: (value) => (typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined),
  rule: 'this is a whole number above 0',
  fix: 'write e.g. 100',
};

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds. */
export const duration: Key<number> = {
  read(value) {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(value)) ?? [];
    const ms = Number(amount) * (unitsMs[unit ?? ''] ?? Number.NaN);
    return ms >= 1 ? Math.round(ms) : undefined;
  },
  rule: 'a duration is a number with ms, s, m, h or d, and at least 1 ms',
  fix: 'write e.g. "30s"',
};

function shown(value: unknown): string {
  return isTable(value) ? 'a table' : JSON.stringify(value);
}
