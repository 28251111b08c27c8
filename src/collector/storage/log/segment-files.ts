/** The files of a log: `meterbridge-NAME-NUMBER.segment`, a number of twelve digits. The Collector's own files have no such names. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const digits = 12;
const ending = '.segment';

const prefixOf = (name: string) => `meterbridge-${name}-`;

export function segmentFile(directory: string, name: string, number: number): string {
  return join(directory, `${prefixOf(name)}${String(number).padStart(digits, '0')}${ending}`);
}

/** The numbers of a log's segments, ascending. */
export async function segmentNumbers(directory: string, name: string): Promise<readonly number[]> {
  const prefix = prefixOf(name);
  return (await readdir(directory))
    .filter((file) => file.startsWith(prefix) && file.endsWith(ending) && file.length === prefix.length + digits + ending.length)
    .map((file) => file.slice(prefix.length, -ending.length))
    .filter((number) => /^\d+$/.test(number))
    .map(Number)
    .sort((one, other) => one - other);
}

/** The names of the logs there. */
export async function logNames(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).map((file) => /^meterbridge-(.+)-\d{12}\.segment$/.exec(file)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined);
}

/** The logs of a directory: by name, the bytes of their segments. */
export async function logsIn(directory: string): Promise<ReadonlyMap<string, number>> {
  const logs = new Map<string, number>();
  for (const file of await readdir(directory)) {
    const [, name] = /^meterbridge-(.+)-\d{12}\.segment$/.exec(file) ?? [];
    // A segment may have gone meanwhile.
    const bytes =
      name === undefined
        ? 0
        : await stat(join(directory, file)).then(
            ({ size }) => size,
            () => 0,
          );
    if (name !== undefined) logs.set(name, (logs.get(name) ?? 0) + bytes);
  }
  return logs;
}
