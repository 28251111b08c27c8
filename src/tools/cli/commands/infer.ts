/** `meterbridge infer`: a first contract from what a program exposes or pushes. */
import { visible } from '../../../core/errors/visible.ts';
import type { CheckFinding } from '../../check/finding.ts';
import { withEscapedNames } from '../../check/hold/index.ts';
import { type Inferred, infer as inferContract } from '../../check/infer/infer.ts';
import { unknowns, writeJson } from '../../check/infer/write-json.ts';
import { writeTypeScript } from '../../check/infer/write-typescript.ts';
import { readLines } from '../../check/lines/read-lines.ts';
import type { Observed } from '../../check/observed.ts';
import { lookAt } from '../../check/page/look.ts';
import { isUnreadable } from '../../check/page/read-page.ts';
import { shownSource } from '../../check/page/shown-source.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { listenForOtlp } from '../listen-for-otlp.ts';
import { parsedSecretArguments } from '../parsed-arguments.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { usageError } from '../usage-error.ts';
import { lookedAt } from './check/exit-code.ts';
import { fetchHelp, listenHelp, pageHelp } from './check/help.ts';
import { oneOf, readSourceArguments, type SourceArguments, sourceArguments } from './check/source-arguments.ts';

const usage = 'infer URL|FILE|-|--for SECONDS [OPTIONS]';
const mostShown = 5;

export const infer: Command = Object.freeze({
  name: 'infer',
  usage,
  summary: 'Draft a contract from what a program exposes or pushes.',
  help: () => `Usage: meterbridge ${usage}

Writes a contract that brings out the same series: their names, types, units, help, bounds, and labels with the values seen. What the source cannot say is a
comment, or, beside JSON, a line on standard error. The source is an endpoint, a file with an exposition or OTLP/JSON lines, or - for standard input; with
--for there is none. Exit code 0: a draft; 2: there was nothing to draft from, or a wrong command line.

  --name NAME                the contract's name (default: the word with which most series begin, or app)
  --format, -f ts|json       TypeScript or JSON (default: ts)
${pageHelp}
${listenHelp}
For a URL:
${fetchHelp}`,
  async run(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
    return lookedAt(stderr, async () => {
      const given = parse(args);
      const seen = given.source === undefined ? await listen(given, stderr) : await look(given.source, given);
      return draft(seen, given, { stdout, stderr });
    });
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
  const wrong = findings.filter(isUnreadable);
  for (const { source, line, column, rule, got, fix } of wrong.slice(0, mostShown)) {
    const place = [source, line, column].filter((part) => part !== undefined).join(':');
    stderr.write(`${visible(`${place}: ${rule}; got ${got}. Fix: ${fix}`)}\n`);
  }
  if (wrong.length > 0 && (promClient || observed.families.size === 0)) return exitCodes.usage;
  if (observed.families.size === 0) {
    stderr.write(`${visible(observed.source)}: no metrics\n`);
    return exitCodes.usage;
  }
  const inferred = drafted(observed, name, promClient ? 'builders' : format);
  if (format === 'ts') stdout.write(writeTypeScript(inferred, { source: observed.source, promClient }));
  else {
    stdout.write(writeJson(inferred));
    for (const line of unknowns(inferred)) stderr.write(`${visible(line)}\n`);
  }
  return exitCodes.done;
}

/** In TypeScript with builders, if they can declare what can be said at all. */
function drafted(observed: Observed, name: string | undefined, as: 'ts' | 'json' | 'builders'): Inferred {
  const whole = as === 'builders' ? undefined : inferContract(observed, { name, language: 'json' });
  if (whole !== undefined && as === 'json') return whole;
  const built = inferContract(observed, { name, language: 'ts' });
  return whole !== undefined && whole.metrics.size > built.metrics.size ? whole : built;
}

/** OpenMetrics says more than text, and protobuf alone has native histograms. */
export async function look(source: string, { protocols, fetch }: Pick<SourceArguments, 'protocols' | 'fetch'>): Promise<Seen> {
  const { pages, lines } = await lookAt(source, {
    ...fetch,
    input: process.stdin,
    ...(protocols !== undefined && { protocols }),
  });
  if (lines !== undefined) {
    try {
      return await readLines({ name: shownSource(source), bytes: lines.read() });
    } finally {
      await lines.close();
    }
  }
  const readable = pages.filter(({ findings }) => !findings.some(isUnreadable));
  const inOrder = readable.length === 0 ? pages : readable;
  const of = (format: string) => inOrder.find(({ observed }) => observed.format === format);
  const page = of('openmetrics') ?? of('text') ?? of('protobuf');
  if (page === undefined) throw new Error(`${shownSource(source)}: no page`);
  const protobuf = of('protobuf')?.observed;
  // A contract has names without UTF-8.
  return {
    observed: withProtobuf(withEscapedNames(page.observed), protobuf && withEscapedNames(protobuf)),
    findings: page.findings,
  };
}

/** Of text, protobuf also knows the units. */
function withProtobuf(observed: Observed, protobuf: Observed | undefined): Observed {
  const families = [...observed.families].map(([name, family]) => {
    const more = protobuf?.families.get(name);
    return [name, { ...family, unit: family.unit ?? more?.unit, native: family.native || more?.native === true }] as const;
  });
  return { ...observed, families: new Map(families) };
}

async function listen({ listen: where }: Given, stderr: Streams['stderr']): Promise<Seen> {
  const write = (line: string) => void stderr.write(`${visible(line)}\n`);
  const listening = (address: string): void => write(`Listening: ${address}`);
  return await untilInterrupted((signal) => listenForOtlp({ ...where, signal, listening, warn: write }));
}

type Given = DraftOptions & SourceArguments;

const options = { ...sourceArguments, name: { type: 'string' }, format: { type: 'string', short: 'f' } } as const;

function parse(args: readonly string[]): Given {
  const { values, positionals } = parsedSecretArguments(args, options, usage);
  return {
    ...readSourceArguments(values, positionals, { usage, what: 'is drafted from' }),
    name: contractName(values.name),
    format: oneOf('--format', values.format ?? 'ts', ['ts', 'json']),
  };
}

export function contractName(name: string | undefined): string | undefined {
  if (name === undefined || /^[a-zA-Z][a-zA-Z0-9_]*$/.test(name)) return name;
  const rule = 'a contract name has letters, digits and underscores and begins with a letter';
  throw usageError('--name', JSON.stringify(name), rule, 'name it after the program');
}
