/** The file of a host's configuration: which it is, and what it says. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseToml, TomlError } from 'smol-toml';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { attempt } from '../src/access.ts';
import { MeterbridgeError, type Problem } from '../src/index.ts';
import { text } from './kinds.ts';
import { type Environment, isTable, type Keys, readFlags, type Table } from './settings.ts';

export interface Opened {
  readonly flags: Table;
  /** What the file says; nothing, where it cannot be read. */
  readonly root: Table;
  /** Where the file is. */
  readonly folder: string;
}

/**
 * Reads the flags of `keys`, and the file that `--config` names, or `variable`; or else the one here that is called as `example` is, or
 * `example` itself, below the top of this repository.
 */
export function openConfig(
  { args, env, keys, variable, example }: { args: readonly string[]; env: Environment; keys: Keys; variable: string; example: string },
  problems: Problem[],
): Opened {
  const flags = readFlags(args, { ...keys, config: { ...text, flag: 'config', short: 'c' } }, problems);
  const here = basename(example);
  const file = String(
    flags.config ?? env[variable] ?? (existsSync(here) ? here : fileURLToPath(new URL(`../${example}`, import.meta.url))),
  );
  const root = attempt(problems, () => (example.endsWith('.yaml') ? readYaml : readToml)(file, `see ${example}`)) ?? {};
  return { flags, root, folder: dirname(resolve(file)) };
}

interface Shown {
  /** How the user knows the file. Default: its path. */
  readonly at?: string;
  /** A line of it may hold a secret: none is shown. */
  readonly secret?: boolean;
}

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` when the file cannot be read, or is no TOML */
export function readToml(file: string, fix: string, { at = file, secret = false }: Shown = {}): Table {
  return refusing(at, fix, secret, () => parseToml(readFileSync(file, 'utf8')));
}

function readYaml(file: string, fix: string): Table {
  return refusing(file, fix, false, () => {
    const root: unknown = parseYaml(readFileSync(file, 'utf8'), { logLevel: 'error' }) ?? {};
    if (isTable(root)) return root;
    throw new MeterbridgeError('HOST_CONFIG_INVALID', [
      { at: file, got: JSON.stringify(root), rule: 'the file has keys with values', fix },
    ]);
  });
}

function refusing(at: string, fix: string, secret: boolean, read: () => Table): Table {
  try {
    return read();
  } catch (error) {
    if (error instanceof MeterbridgeError) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    const { place, rule, brief } = whatIsWrong(error) ?? { place: '', rule: 'the file can be read', brief: String(code) };
    throw new MeterbridgeError('HOST_CONFIG_INVALID', [
      { at: `${at}${place}`, got: secret ? brief : (message.split('\n', 1)[0] as string), rule, fix },
    ]);
  }
}

/** Of a file that could be read. */
function whatIsWrong(error: unknown) {
  const found = (language: string, line?: number, column?: number) => ({
    place: line === undefined ? '' : `:${line}:${column}`,
    rule: `the file is ${language}`,
    brief: `no ${language}`,
  });
  if (error instanceof TomlError) return found('TOML', error.line, error.column);
  if (error instanceof YAMLParseError) return found('YAML', error.linePos?.[0].line, error.linePos?.[0].col);
  return undefined;
}

/** Reads each entry of a section, which the user knows as `at`, e.g. `tasks.hello`. */
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
    if (!known.includes(name)) problems.push({ at: name, got: 'it', rule: 'unknown section', fix: `use one of ${known.join(', ')}` });
  }
}
