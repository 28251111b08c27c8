/** `meterbridge print-config`: prints the configuration as the service understands it. */
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { jsonText } from '../../check/report/json-text.ts';
import { collectorOptions, readCollectorConfig } from '../collector-options.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { optionsHelp } from '../option.ts';
import { parsedOptions } from '../parsed-arguments.ts';
import { usageError } from '../usage-error.ts';

const USAGE =
  'print-config --config SOURCE… [--set KEY=VALUE]… [--metrics-only] [--format yaml|json] [--mode redacted|unredacted]';
const options = { ...collectorOptions, format: { type: 'string', short: 'f' }, mode: { type: 'string' } } as const;

export const printConfig: Command = Object.freeze({
  name: 'print-config',
  usage: USAGE,
  summary: 'Print the configuration of the service as it counts: merged, expanded, with every default.',
  help: () => `Usage: meterbridge ${USAGE}

Prints the configuration of the service as it counts: merged, expanded, with every default.

${optionsHelp(collectorOptions)}  --format, -f       yaml (default) or json
  --mode             redacted (default), or unredacted: with its secrets
`,
  async run(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
    const values = parsedOptions(args, options, USAGE);
    const format = oneOf('--format', values.format, ['yaml', 'json']);
    const mode = oneOf('--mode', values.mode, ['redacted', 'unredacted']);
    const read = await readCollectorConfig(values, stderr, USAGE);
    if (!read.ok) throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', read.problems);
    const plain = read.print(mode === 'unredacted');
    stdout.write(format === 'json' ? jsonText(plain) : (await import('../../../service/config/index.ts')).printYaml(plain));
    return exitCodes.done;
  },
});

/** The first is the default. */
function oneOf(option: string, given: string | undefined, known: readonly [string, string]): string {
  const value = given ?? known[0];
  if (known.includes(value)) return value;
  throw usageError(option, JSON.stringify(value), `it is ${known.join(' or ')}`, 'use one of the two');
}
