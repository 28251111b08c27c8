/** What every example host takes from outside its file: a flag, or else an environment variable. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Problem } from '../src/index.ts';
import { type Key, port, readValue, text } from './table.ts';

export interface Flags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly data?: string | undefined;
}

/** `--host` or `PREFIX_HOST`, `--port` or `PREFIX_PORT`, `--data` or `PREFIX_DATA`. */
export function readOutside(prefix: string, flags: Flags, env: Readonly<Record<string, string | undefined>>, problems: Problem[]) {
  function read<T>(name: keyof Flags, key: Key<T>, convert: (given: string) => unknown = (given) => given): T | undefined {
    const variable = `${prefix}_${name.toUpperCase()}`;
    const given = flags[name] ?? env[variable];
    return given === undefined ? undefined : readValue(flags[name] === undefined ? variable : `--${name}`, convert(given), key, problems);
  }
  const number = (given: string) => (/^\d{1,5}$/.test(given) ? Number(given) : given);
  return { host: read('host', text), port: read('port', port, number), data: read('data', text) };
}

/** What names a host's configuration: `--config FILE`, or the variable, or `file` here, or else the one beside the host's `main.ts`. */
export interface Sources<N extends keyof Flags> {
  readonly variable: string;
  readonly file: string;
  /** `import.meta.url` of `main.ts`. */
  readonly main: string;
  /** The flags that it takes beside `--config`. */
  readonly flags: readonly N[];
}

/** @throws when an argument is none of the flags */
export function fromCommandLine<N extends keyof Flags>(args: readonly string[], { variable, file, main, flags: names }: Sources<N>) {
  const all = { host: { type: 'string' }, port: { type: 'string', short: 'p' }, data: { type: 'string' } } as const;
  const options = Object.fromEntries(names.map((name) => [name, all[name]]));
  const { values } = parseArgs({ args: [...args], options: { ...options, config: { type: 'string', short: 'c' } } });
  const { config, ...flags } = values as Flags & { readonly config?: string };
  const found = config ?? process.env[variable] ?? (existsSync(file) ? file : fileURLToPath(new URL(`./${file}`, main)));
  return { file: found, flags: flags as Pick<Flags, N>, env: process.env };
}
