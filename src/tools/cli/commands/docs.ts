/** `meterbridge docs`: a contract's metrics as tables in Markdown, for a page of yours. */
import { readFileSync, writeFileSync } from 'node:fs';
import { visibleLines } from '../../../core/errors/visible.ts';
import { appended, between, contractDocs, lineDiff, type Markers, markersOf } from '../../generate/docs/index.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { contractFrom } from '../contract-source/contract-source.ts';
import { hostNames, versionHelp } from '../hosts.ts';
import { parsedArguments } from '../parsed-arguments.ts';
import { usageError } from '../usage-error.ts';
import { lookedAt } from './check/exit-code.ts';

const USAGE = 'docs CONTRACT [--out FILE [--check|--init]]';

function help(): string {
  return `Usage: meterbridge ${USAGE}

Writes tables in Markdown: a contract's series with type, unit, labels, meaning, when they are absent, and an example query.

  CONTRACT  a built-in host (${hostNames.join(', ')}), a .json file, or a module or an installed package
            whose default export is a contract; ${versionHelp}
  --out     writes between the markers in this file, and leaves everything else in it as it is. NAME is the contract's name:
              <!-- meterbridge docs NAME: begin -->
              <!-- meterbridge docs NAME: end -->
  --init    appends the markers to the file, or makes it, where it has none
  --check   writes nothing; exit code 1, with what differs, when the file is out of date
`;
}

interface Request {
  readonly path: string;
  readonly out: string | undefined;
  readonly mode: 'write' | 'check' | 'init';
}

export const docs: Command = Object.freeze({
  name: 'docs',
  usage: USAGE,
  summary: "Write a contract's metrics as Markdown tables, into a page of yours.",
  help,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    return lookedAt(streams.stderr, async () => {
      const { path, out, mode } = parse(args);
      const contract = await contractFrom(path);
      const text = contractDocs(contract);
      if (out === undefined) {
        streams.stdout.write(text);
        return exitCodes.done;
      }
      const place = { file: out, markers: markersOf(contract.name), text };
      return mode === 'check' ? check(place, path, streams) : write(place, mode === 'init');
    });
  },
});

interface Place {
  readonly file: string;
  readonly markers: Markers;
  readonly text: string;
}

function write({ file, markers, text }: Place, init: boolean): number {
  const before = read(file, init);
  const part = between(before, markers);
  if (!part.ok && !(part.problem === 'none' && init)) throw markerError(file, markers, part.got, part.problem === 'none');
  const after = part.ok ? part.replaced(text) : appended(before, markers, text);
  // A file that stays the same keeps its time.
  if (!before.equals(after)) writeFileSync(file, after);
  return exitCodes.done;
}

function check({ file, markers, text }: Place, contract: string, { stderr }: Streams): number {
  const part = between(read(file, false), markers);
  if (!part.ok) throw markerError(file, markers, part.got, part.problem === 'none');
  if (part.text === text) return exitCodes.done;
  stderr.write(
    visibleLines(`${file} is out of date. Fix: meterbridge docs ${contract} --out ${file}\n${lineDiff(part.text, text)}`),
  );
  return exitCodes.failed;
}

function read(file: string, mayBeMissing: boolean): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (mayBeMissing && (error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    const message = error instanceof Error ? error.message : String(error);
    throw usageError(
      '--out',
      JSON.stringify(file),
      `the file can be read: ${message}`,
      'correct the path, or make the file with --init',
    );
  }
}

function markerError(file: string, { begin, end }: Markers, got: string, none: boolean) {
  const rule = 'the file has each marker once, on a line of its own';
  return usageError(
    `--out ${file}`,
    got,
    rule,
    `${none ? 'add --init, or these two lines' : 'leave these two lines'}: ${begin} ${end}`,
  );
}

const options = { out: { type: 'string' }, check: { type: 'boolean' }, init: { type: 'boolean' } } as const;

function parse(args: readonly string[]): Request {
  const { values, positionals } = parsedArguments(args, options, USAGE);
  const [path, ...more] = positionals;
  if (path === undefined) throw usageError('CONTRACT', 'nothing', 'a contract is required', `meterbridge ${USAGE}`);
  if (more.length > 0)
    throw usageError('CONTRACT', positionals.join(' '), 'one contract at a time is written', `meterbridge ${USAGE}`);
  const { out, check: checks = false, init = false } = values;
  if (checks && init) throw usageError('--check', '--init beside it', 'a check writes nothing', 'use one of the two');
  if ((checks || init) && out === undefined) {
    throw usageError(checks ? '--check' : '--init', 'no --out', 'it needs a file', `meterbridge ${USAGE}`);
  }
  return { path, out, mode: checks ? 'check' : init ? 'init' : 'write' };
}
