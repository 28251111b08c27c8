/** A TOML file whose sections are tables of named entries, as several example hosts have one. */
import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { MeterbridgeError, type Problem } from '../src/index.ts';
import { isTable, type Table } from './table.ts';

interface Shown {
  /** How the user knows the file. Default: its path. */
  readonly at?: string;
  /** A line of it may hold a secret: none is shown. */
  readonly secret?: boolean;
}

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` when the file cannot be read, or is no TOML */
export function readToml(file: string, fix: string, { at = file, secret = false }: Shown = {}): Table {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const syntax = error instanceof TomlError;
    const rule = syntax ? 'the file is TOML' : 'the file can be read';
    const { message, code } = error as NodeJS.ErrnoException;
    const got = secret ? (syntax ? 'no TOML' : String(code)) : (message.split('\n', 1)[0] as string);
    throw new MeterbridgeError('HOST_CONFIG_INVALID', [{ at: syntax ? `${at}:${error.line}:${error.column}` : at, got, rule, fix }]);
  }
}

/** Reads each entry of a section, which the user knows as `at`, e.g. `tasks.hello`. */
export function readSection<T>(
  root: Table,
  section: string,
  problems: Problem[],
  read: (name: string, at: string, table: unknown, problems: Problem[]) => T,
): readonly T[] {
  const found = root[section] ?? {};
  if (isTable(found)) return Object.freeze(Object.entries(found).map(([name, table]) => read(name, `${section}.${name}`, table, problems)));
  problems.push({ at: section, got: JSON.stringify(found), rule: 'this is a table', fix: `write [${section}.NAME]` });
  return [];
}

export function unknownSections(root: Table, known: readonly string[], problems: Problem[]): void {
  for (const name of Object.keys(root)) {
    if (!known.includes(name)) problems.push({ at: name, got: 'it', rule: 'unknown section', fix: `use one of ${known.join(', ')}` });
  }
}
