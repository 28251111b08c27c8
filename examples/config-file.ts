/** Finds and reads the file of a host's configuration. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseToml } from 'smol-toml';
import { collectProblems } from '../src/host.ts';
import { MeterbridgeError, type Problem } from '../src/index.ts';
import { parseYaml } from '../src/yaml.ts';
import { text } from './kinds.ts';
import { type Environment, isTable, type Keys, readFlags, readSettings, type Table } from './settings.ts';

export interface Opened {
  readonly flags: Table;
  /** The file's contents; empty where it cannot be read. */
  readonly root: Table;
  /** Where the file is. */
  readonly folder: string;
}

export interface ConfigSource {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly keys: Keys;
  /** Names the file where `--config` does not. */
  readonly variable: string;
  /** The default file, below the root of this repository; a file of its name in the working directory comes first. */
  readonly example: string;
}

/** Reads the flags of `keys`, and the file. */
export function openConfig({ args, env, keys, variable, example }: ConfigSource, problems: Problem[]): Opened {
  const config = { ...text, flag: 'config', short: 'c', variable };
  const flags = readFlags(args, { ...keys, config }, problems);
  const here = basename(example);
  const shipped = fileURLToPath(new URL(`../${example}`, import.meta.url));
  const { config: file = existsSync(here) ? here : shipped } = readSettings({ config }, { flags, env }, problems);
  const language = example.endsWith('.yaml') ? 'YAML' : 'TOML';
  const root = collectProblems(problems, () => readConfigFile(language, file, `see ${example}`)) ?? {};
  return { flags, root, folder: dirname(resolve(file)) };
}

/** Above any configuration; bounds what a wrong path can cost. */
const MOST_BYTES = 1_048_576;

interface Shown {
  /** The user's name for the file. Default: its path. */
  readonly at?: string;
  /** A line of it may hold a secret, so messages show none. */
  readonly secret?: boolean;
}

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` when the file cannot be read, or is not in this language, or is no table */
export function readConfigFile(
  language: 'TOML' | 'YAML',
  file: string,
  fix: string,
  { at = file, secret = false }: Shown = {},
): Table {
  const fail = (place: string, rule: string, got: string): never => {
    throw new MeterbridgeError('HOST_CONFIG_INVALID', [{ at: place, got: got.split('\n', 1)[0] as string, rule, fix }]);
  };
  let root: unknown;
  try {
    if (statSync(file).size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    const source = readFileSync(file, 'utf8');
    root = language === 'TOML' ? parseToml(source) : yamlOf(source);
  } catch (error) {
    const { message, code, line, column } = error as NodeJS.ErrnoException & Partial<Place>;
    if (line === undefined) return fail(at, 'the file can be read', secret ? String(code) : message);
    return fail(`${at}:${line}:${column}`, `the file is ${language}`, secret ? `no ${language}` : message);
  }
  return isTable(root) ? root : fail(at, 'the file has keys with values', JSON.stringify(root));
}

/** The place of a syntax error, from 1, as the TOML parser reports it. */
interface Place {
  readonly line: number;
  readonly column: number;
}

function yamlOf(source: string): unknown {
  const read = parseYaml(source);
  if (read.ok) return read.value ?? {};
  const { message, line, column } = read;
  throw Object.assign(new Error(message), { line, column });
}

/** Reads each entry of a section; `at` is the user's name for it, e.g. `tasks.hello`. */
export function readSection<T>(
  root: Table,
  section: string,
  problems: Problem[],
  read: (name: string, at: string, table: unknown) => T,
): readonly T[] {
  const found = root[section] ?? {};
  if (isTable(found)) return Object.freeze(Object.entries(found).map(([name, table]) => read(name, `${section}.${name}`, table)));
  problems.push({ at: section, got: JSON.stringify(found), rule: 'this is a table', fix: `write [${section}.NAME]` });
  return [];
}

export function unknownSections(root: Table, known: readonly string[], problems: Problem[]): void {
  for (const name of Object.keys(root)) {
    if (!known.includes(name))
      problems.push({ at: name, got: 'it', rule: 'unknown section', fix: `use one of ${known.join(', ')}` });
  }
}
