/** Reads a configuration by a description of its keys. A wrong value becomes a problem, and reading goes on. */
import { parseArgs } from 'node:util';
import { collectProblems } from '../src/host.ts';
import { MeterbridgeError, type Problem } from '../src/index.ts';
import { type Kind, text } from './kinds.ts';

/** One value: its kind and its sources. A flag overrides a variable, a variable overrides the file. */
export interface Key<T> extends Kind<T> {
  readonly flag?: string;
  /** The flag's one letter. */
  readonly short?: string;
  /** A flag without a value. */
  readonly isSwitch?: boolean;
  readonly variable?: string;
  /** Its name in the file; null: not in the file. Default: the key's own name. */
  readonly inFile?: string | null;
  /** Default, as a user would write it in the file. */
  readonly otherwise?: unknown;
  /** A table without it is wrong. */
  readonly needed?: boolean;
}

export type Keys = Readonly<Record<string, Key<unknown>>>;
type Value<K> = K extends Kind<infer T> ? (K extends { otherwise: unknown } | { needed: boolean } ? T : T | undefined) : never;
export type Values<K> = { readonly [N in keyof K]: Value<K[N]> };
export type Table = Readonly<Record<string, unknown>>;
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Sources {
  readonly flags?: Table;
  readonly env?: Environment;
  readonly table?: unknown;
  /** The user's name for the table. Default: it is the whole file. */
  readonly at?: string;
  /** Where the file is. */
  readonly folder?: string;
  /** Keys of the table that another reader checks. */
  readonly elsewhere?: (key: string) => boolean;
  /** Defaults that override those of the keys. */
  readonly defaults?: Table;
}

/**
 * What `read` returns, frozen.
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem that it has found
 */
export function allOrNothing<T extends object>(read: (problems: Problem[]) => T): Readonly<T> {
  const problems: Problem[] = [];
  const whole = read(problems);
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze(whole);
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function readSettings<K extends Keys>(keys: K, sources: Sources, problems: Problem[]): Values<K> {
  const { flags = {}, env = {}, table = {}, at = '', folder = '', elsewhere = () => false, defaults = {} } = sources;
  const values: Record<string, unknown> = {};
  const described = Object.entries(keys).map(([name, key]) => ({
    name,
    key,
    inFile: key.inFile === undefined ? name : key.inFile,
  }));
  const place = (name: string) => (at === '' ? name : `${at}.${name}`);
  if (!isTable(table)) problems.push({ at, got: shown(table), rule: 'this is a table', fix: 'give it keys with values' });
  for (const [name, value] of Object.entries(isTable(table) ? table : {})) {
    if (elsewhere(name)) continue;
    const found = described.find(({ inFile }) => inFile === name);
    const known = described.flatMap(({ inFile }) => inFile ?? []).join(', ');
    if (found === undefined) {
      problems.push({ at: place(name), got: `a ${typeof value}`, rule: 'unknown key', fix: `use one of ${known}` });
      continue;
    }
    // For a secret this rule is enough: it is a string.
    const isBare = found.key.secret && fromOutside(found.key, flags, env) !== undefined;
    values[found.name] = readValue(place(name), value, isBare ? { ...found.key, read: text.read } : found.key, folder, problems);
  }
  for (const { name, key, inFile } of described) {
    const given = fromOutside(key, flags, env);
    if (given !== undefined) values[name] = readValue(given.at, given.value, key, '', problems);
    else if (key.needed && isTable(table) && !Object.hasOwn(table, inFile ?? name)) {
      problems.push({ at: place(inFile ?? name), got: 'nothing', rule: key.rule, fix: key.fix });
    }
    if (values[name] !== undefined) continue;
    values[name] = defaults[name] ?? (key.otherwise === undefined ? undefined : key.read(key.otherwise, name, folder));
  }
  return values as Values<K>;
}

function fromOutside({ flag = '', variable = '', numeric }: Key<unknown>, flags: Table, env: Environment) {
  const at = flags[flag] === undefined ? variable : `--${flag}`;
  const given = flags[flag] ?? env[variable];
  if (given === undefined) return undefined;
  return { at, value: numeric && /^\d+(\.\d+)?$/.test(String(given)) ? Number(given) : given };
}

function readValue<T>(at: string, value: unknown, key: Kind<T>, folder: string, problems: Problem[]): T | undefined {
  const before = problems.length;
  const read = collectProblems(problems, () => key.read(value, at, folder));
  if (read === undefined && problems.length === before) {
    problems.push({ at, got: key.secret === true ? '[redacted]' : shown(value), rule: key.rule, fix: key.fix });
  }
  return read;
}

function shown(value: unknown): string {
  return isTable(value) ? 'a table' : JSON.stringify(value);
}

/** The flags of the command line, by name. */
export function readFlags(args: readonly string[], keys: Keys, problems: Problem[]): Table {
  const options = Object.fromEntries(
    Object.values(keys).flatMap(({ flag, short, isSwitch }) =>
      flag === undefined ? [] : [[flag, { type: isSwitch ? 'boolean' : 'string', ...(short && { short }) } as const]],
    ),
  );
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const known = Object.keys(options).map((flag) => `--${flag}`);
  const fix = known.length === 0 ? 'leave it out' : `use one of ${known.join(', ')}`;
  for (const token of tokens) {
    if (token.kind === 'positional')
      problems.push({ at: 'arguments', got: JSON.stringify(token.value), rule: 'unknown flag', fix });
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    problems.push({ at: token.rawName, got: 'it', rule: 'unknown flag', fix });
  }
  return values;
}
