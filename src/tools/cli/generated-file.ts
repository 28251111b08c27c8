/** `--out` and `--check` of the commands that write a file from a contract. */
import { readFileSync, writeFileSync } from 'node:fs';
import { visible } from '../../core/errors/visible.ts';
import { exitCodes, type Streams } from './command.ts';
import { usageError } from './usage-error.ts';

export interface Destination {
  /** The file to write. Default: standard output. */
  readonly out?: string | undefined;
  /** The file to compare with, instead of writing. */
  readonly check?: string | undefined;
}

/** For `parseArgs`. */
export const destinationOptions = { out: { type: 'string', short: 'o' }, check: { type: 'string' } } as const;

export const destinationHelp = `  --out, -o FILE     write this file, not standard output
  --check FILE       write nothing; the exit code is 1 if FILE is not what the command would write
`;

/**
 * Writes or compares a text. Resolves with the exit code: 0, 1 for a file that differs or is missing, 2 for one that cannot be
 * read.
 */
export function deliver(text: string, { out, check }: Destination, { stdout, stderr }: Streams, again: string): number {
  if (check !== undefined) return compare(text, check, (line) => stderr.write(`${visible(line)}\n`), again);
  if (out === undefined) stdout.write(text);
  else writeFileSync(out, text);
  return exitCodes.done;
}

/** Without a place to write to, these options mean nothing beside each other. */
export function checkDestination({ out, check }: Destination, usage: string): void {
  if (out !== undefined && check !== undefined) {
    throw usageError(
      '--check',
      JSON.stringify(check),
      '--check writes nothing, so it stands without --out',
      `meterbridge ${usage}`,
    );
  }
}

function compare(text: string, file: string, say: (line: string) => void, again: string): number {
  let there: string;
  try {
    there = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    say(`${file} cannot be compared: ${message}`);
    return code === 'ENOENT' ? exitCodes.failed : exitCodes.usage;
  }
  if (there === text) return exitCodes.done;
  const [was, is] = [there.split('\n'), text.split('\n')];
  const at = is.findIndex((line, number) => line !== was[number]);
  say(`${file}:${(at < 0 ? is.length : at) + 1} is not what the contract gives. Fix: ${again} --out ${file}`);
  return exitCodes.failed;
}
