/** `meterbridge validate`: everything that is wrong with a configuration of the Collector-compatible service. Opens no port. */

import { problemText } from '../../../core/errors/error.ts';
import { collectorOptions, readCollectorConfig } from '../collector-options.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { optionsHelp } from '../option.ts';
import { parsedOptions } from '../parsed-arguments.ts';

const USAGE = 'validate --config SOURCE… [--set KEY=VALUE]… [--metrics-only]';

export const validate: Command = Object.freeze({
  name: 'validate',
  usage: USAGE,
  summary: 'Check a configuration of the service: silent when all is well, or every problem with its place.',
  help: () => `Usage: meterbridge ${USAGE}

Checks a configuration of the service, an OpenTelemetry Collector's file. Exit code 0, or 1 with one line a problem. Opens no port.

${optionsHelp(collectorOptions)}`,
  async run(args: readonly string[], { stderr }: Streams): Promise<number> {
    const values = parsedOptions(args, collectorOptions, USAGE);
    const read = await readCollectorConfig(values, stderr, USAGE);
    if (read.ok) return exitCodes.done;
    stderr.write(read.problems.map((problem) => `${problemText(problem)}\n`).join(''));
    return exitCodes.failed;
  },
});
