/** `meterbridge contract`: drafts a contract from what a program exposes already. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { draftContract } from '../../prom-client/draft/draft.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { usageError } from '../usage-error.ts';

const USAGE = 'contract --from-prom-client FILE|URL [--name NAME]';
const waitMs = 10_000;
const mostBytes = 64 * 1024 * 1024;
const mostProblems = 5;

export const contract: Command = Object.freeze({
  name: 'contract',
  usage: USAGE,
  summary: 'Draft a contract in TypeScript from what a program with prom-client exposes.',
  help: () => `Usage: meterbridge ${USAGE}

Writes a contract in TypeScript that brings out the same series: their labels with the values seen, bounds, units and help.
What a contract cannot say is a comment with the reason.

  --from-prom-client  a file with an exposition (text 0.0.4 or OpenMetrics), - for standard input, or the URL of a running program
  --name              the contract's name (default: the word with which most series begin, or app)
`,
  async run(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
    const { source, name } = parse(args);
    const text = await read(source);
    const draft = draftContract(text, { name, source: shownSource(source) });
    if (draft.ok) {
      stdout.write(draft.text);
      return exitCodes.done;
    }
    for (const { line, column, rule, got, fix } of draft.problems.slice(0, mostProblems)) {
      stderr.write(`${shownSource(source)}:${line}:${column}: ${rule}; got ${got}. Fix: ${fix}\n`);
    }
    return exitCodes.failed;
  },
});

function parse(args: readonly string[]): { readonly source: string; readonly name: string | undefined } {
  const { 'from-prom-client': source, name } = parsed(args);
  if (source === undefined) throw usageError('--from-prom-client', 'nothing', 'an exposition is required', `meterbridge ${USAGE}`);
  if (name !== undefined && !/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) {
    const rule = 'a contract name has letters, digits and underscores and begins with a letter';
    throw usageError('--name', JSON.stringify(name), rule, 'name it after the program');
  }
  return { source, name };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { 'from-prom-client': { type: 'string' }, name: { type: 'string' } } }).values;
  } catch (error) {
    throw usageError('ARGUMENTS', args.join(' '), error instanceof Error ? error.message : String(error), `meterbridge ${USAGE}`);
  }
}

function isUrl(source: string): boolean {
  return /^https?:\/\//.test(source) && URL.canParse(source);
}

/** Without what may be secret. */
function shownSource(source: string): string {
  if (source === '-') return 'standard input';
  if (!isUrl(source)) return source;
  const { origin, pathname } = new URL(source);
  return `${origin}${pathname}`;
}

async function read(source: string): Promise<string> {
  try {
    if (!isUrl(source)) return limited(readFileSync(source === '-' ? 0 : source));
    return await download(source);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${shownSource(source)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

async function download(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { accept: 'text/plain;version=0.0.4' }, signal: AbortSignal.timeout(waitMs) });
  if (!answer.ok) throw new Error(`it responds with ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > mostBytes) break;
    chunks.push(chunk);
  }
  return limited(Buffer.concat(chunks), size);
}

function limited(bytes: Buffer, size = bytes.length): string {
  if (size > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
  return bytes.toString('utf8');
}
