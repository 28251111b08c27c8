/** `meterbridge contract`: `infer` for a program with prom-client, which can keep what a contract cannot say. */
import { parseArgs } from 'node:util';
import type { Command, Streams } from '../command.ts';
import { usageError } from '../usage-error.ts';
import { contractName, draft, look } from './infer.ts';

const USAGE = 'contract --from-prom-client FILE|URL [--name NAME]';

export const contract: Command = Object.freeze({
  name: 'contract',
  usage: USAGE,
  summary: 'Draft a contract in TypeScript from what a program with prom-client exposes.',
  help: () => `Usage: meterbridge ${USAGE}

Writes a contract in TypeScript that brings out the same series: their labels with the values seen, bounds, units and help.
What a contract cannot say is a comment with the reason. infer does the same for any program.

  --from-prom-client  a file with an exposition (text 0.0.4 or OpenMetrics), - for standard input, or the URL of a running program
  --name              the contract's name (default: the word with which most series begin, or app)
`,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    const { source, name } = parse(args);
    const isUrl = /^https?:\/\//.test(source);
    const seen = await look(source, isUrl ? ['PrometheusText0.0.4'] : undefined);
    return draft(seen, { name, format: 'ts', promClient: true }, streams);
  },
});

function parse(args: readonly string[]): { readonly source: string; readonly name: string | undefined } {
  const { 'from-prom-client': source, name } = parsed(args);
  if (source === undefined) throw usageError('--from-prom-client', 'nothing', 'an exposition is required', `meterbridge ${USAGE}`);
  return { source, name: contractName(name) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { 'from-prom-client': { type: 'string' }, name: { type: 'string' } } }).values;
  } catch (error) {
    throw usageError('ARGUMENTS', args.join(' '), error instanceof Error ? error.message : String(error), `meterbridge ${USAGE}`);
  }
}
