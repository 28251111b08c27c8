/** `meterbridge contract`: `infer` for a program with prom-client, which can keep what a contract cannot say. */
import { isUrl } from '../../check/page/shown-source.ts';
import type { Command, Streams } from '../command.ts';
import { parsedSecretArguments } from '../parsed-arguments.ts';
import { usageError } from '../usage-error.ts';
import { lookedAt } from './check/exit-code.ts';
import { fetchHelp, maxBytesHelp } from './check/help.ts';
import { fetchArguments, readFetchArguments } from './check/source-arguments.ts';
import { contractName, draft, look } from './infer.ts';

const USAGE = 'contract --from-prom-client FILE|URL [--name NAME] [OPTIONS]';

export const contract: Command = Object.freeze({
  name: 'contract',
  usage: USAGE,
  summary: 'Draft a contract in TypeScript from what a program with prom-client exposes.',
  help: () => `Usage: meterbridge ${USAGE}

Writes a contract in TypeScript that brings out the same series: their labels with the values seen, bounds, units and help.
What a contract cannot say is a comment with the reason. infer does the same for any program.

  --from-prom-client FILE|URL|-
                             a file with an exposition (text 0.0.4 or OpenMetrics), - for standard input, or the URL of a running program
  --name NAME                the contract's name (default: the word with which most series begin, or app)
${maxBytesHelp}
For a URL:
${fetchHelp}`,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    return lookedAt(streams.stderr, async () => {
      const { source, name, fetch } = parse(args);
      const seen = await look(source, { fetch, protocols: isUrl(source) ? ['PrometheusText0.0.4'] : undefined });
      return draft(seen, { name, format: 'ts', promClient: true }, streams);
    });
  },
});

const options = { ...fetchArguments, 'from-prom-client': { type: 'string' }, name: { type: 'string' } } as const;

function parse(args: readonly string[]) {
  const { values, positionals } = parsedSecretArguments(args, options, USAGE);
  if (positionals.length > 0)
    throw usageError('ARGUMENTS', `${positionals.length} without an option`, 'it has options alone', `meterbridge ${USAGE}`);
  const { 'from-prom-client': source, name } = values;
  if (source === undefined)
    throw usageError('--from-prom-client', 'nothing', 'an exposition is required', `meterbridge ${USAGE}`);
  return { source, name: contractName(name), fetch: readFetchArguments(values) };
}
