/** `meterbridge infer`: a first contract from what a program exposes or pushes. */
import { parseArgs } from 'node:util';
import type { CheckFinding } from '../../check/finding.ts';
import { infer as inferContract } from '../../check/infer/infer.ts';
import { unknowns, writeJson } from '../../check/infer/write-json.ts';
import { writeTypeScript } from '../../check/infer/write-typescript.ts';
import { readLines } from '../../check/lines/read-lines.ts';
import type { Observed } from '../../check/observed.ts';
import { lookAt } from '../../check/page/look.ts';
import type { ScrapeProtocol } from '../../check/page/protocol.ts';
import { shownSource } from '../../check/page/shown-source.ts';
import { visible } from '../../errors/visible.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { listenForOtlp } from '../listen-for-otlp.ts';
import { usageError } from '../usage-error.ts';

const usage = 'infer URL|FILE|- [--name NAME] [--format ts|json] [--for SECONDS]';
const mostShown = 5;

export const infer: Command = Object.freeze({
  name: 'infer',
  usage,
  summary: 'Draft a contract from what a program exposes or pushes.',
  help: () => `Usage: meterbridge ${usage}

Writes a contract that brings out the same series: their names, types, units, help, bounds, and labels with the values seen. What the source cannot say is a
comment, or, beside JSON, a line on standard error. The source is an endpoint, a file with an exposition or OTLP/JSON lines, or - for standard input; with
--for there is none.

  --name NAME       the contract's name (default: the word with which most series begin, or app)
  --format ts|json  TypeScript, or JSON, which can also say what only programs of others have (default: ts)
  --for SECONDS     listen for OTLP, over HTTP on 127.0.0.1:4318 and gRPC on 127.0.0.1:4317
  --otlp-http HOST:PORT, --otlp-grpc HOST:PORT
                    listen there instead
`,
  async run(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
    const given = parse(args);
    const seen = given.seconds === undefined ? await look(given.source) : await listen(given, stderr);
    return draft(seen, given, { stdout, stderr });
  },
});

/** What was read of a source. */
export interface Seen {
  readonly observed: Observed;
  readonly findings: readonly CheckFinding[];
}

export interface DraftOptions {
  readonly name: string | undefined;
  readonly format: 'ts' | 'json';
  readonly promClient?: boolean;
}

/** Writes the draft, or what is wrong with the source. */
export function draft(
  { observed, findings }: Seen,
  { name, format, promClient = false }: DraftOptions,
  { stdout, stderr }: Streams,
): number {
  const wrong = findings.filter(({ severity }) => severity === 'error');
  for (const { source, line, column, rule, got, fix } of wrong.slice(0, mostShown)) {
    const place = [source, line, column].filter((part) => part !== undefined).join(':');
    stderr.write(`${visible(`${place}: ${rule}; got ${got}. Fix: ${fix}`)}\n`);
  }
  if (wrong.length > 0 && (promClient || observed.families.size === 0)) return exitCodes.failed;
  if (observed.families.size === 0) {
    stderr.write(`${observed.source}: no metrics\n`);
    return exitCodes.failed;
  }
  const inferred = inferContract(observed, { name, language: format });
  if (format === 'ts') stdout.write(writeTypeScript(inferred, { source: observed.source, promClient }));
  else {
    stdout.write(writeJson(inferred));
    for (const line of unknowns(inferred)) stderr.write(`${visible(line)}\n`);
  }
  return exitCodes.done;
}

/** OpenMetrics says more than text, and protobuf alone has native histograms. */
export async function look(source: string, protocols?: readonly ScrapeProtocol[]): Promise<Seen> {
  const { pages, lines } = await lookAt(source, { input: process.stdin, ...(protocols !== undefined && { protocols }) });
  if (lines !== undefined) {
    try {
      return await readLines({ name: shownSource(source), bytes: lines.read() });
    } finally {
      await lines.close();
    }
  }
  const readable = pages.filter(({ findings }) => !findings.some(({ severity }) => severity === 'error'));
  const inOrder = readable.length === 0 ? pages : readable;
  const of = (format: string) => inOrder.find(({ observed }) => observed.format === format);
  const page = of('openmetrics') ?? of('text') ?? of('protobuf');
  if (page === undefined) throw new Error(`${shownSource(source)}: no page`);
  return { observed: withNative(page.observed, of('protobuf')?.observed), findings: page.findings };
}

function withNative(observed: Observed, protobuf: Observed | undefined): Observed {
  const families = [...observed.families].map(([name, family]) => {
    const native = family.native || protobuf?.families.get(name)?.native === true;
    return [name, { ...family, native }] as const;
  });
  return { ...observed, families: new Map(families) };
}

async function listen({ seconds, http, grpc }: Given, stderr: Streams['stderr']): Promise<Seen> {
  const write = (line: string) => stderr.write(`${visible(line)}\n`);
  return listenForOtlp({ seconds: seconds ?? 0, http, grpc, listening: (where) => write(`Listening: ${where}`), warn: write });
}

interface Given extends DraftOptions {
  readonly source: string;
  readonly seconds: number | undefined;
  readonly http: string | undefined;
  readonly grpc: string | undefined;
}

function parse(args: readonly string[]): Given {
  const { values, positionals } = parsed(args);
  const { name, format = 'ts', for: time, 'otlp-http': http, 'otlp-grpc': grpc } = values;
  const [source = '', ...more] = positionals;
  const rule = 'a contract is drafted from one endpoint or file, or with --for from none';
  if (more.length > 0 || (source === '') === (time === undefined)) {
    throw usageError('URL|FILE|-', positionals.join(' ') || 'nothing', rule, `meterbridge ${usage}`);
  }
  if (format !== 'ts' && format !== 'json') throw usageError('--format', JSON.stringify(format), 'it is ts or json', 'use one of the two');
  return { source, name: contractName(name), format, seconds: secondsOf(time), http, grpc };
}

export function contractName(name: string | undefined): string | undefined {
  if (name === undefined || /^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) return name;
  const rule = 'a contract name has letters, digits and underscores and begins with a letter';
  throw usageError('--name', JSON.stringify(name), rule, 'name it after the program');
}

function secondsOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = /^\d{1,6}(?:\.\d{1,3})?$/.test(given) ? Number(given) : 0;
  if (value === 0) throw usageError('--for', JSON.stringify(given), 'it is a number of seconds above 0', 'write --for 60');
  return value;
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { name: text, format: text, for: text, 'otlp-http': text, 'otlp-grpc': text };
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw usageError('ARGUMENTS', args.join(' '), error instanceof Error ? error.message : String(error), `meterbridge ${usage}`);
  }
}
