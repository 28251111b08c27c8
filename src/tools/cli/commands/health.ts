/** `meterbridge health`: checks a running service, for containers without curl. */
import { visible } from '../../../core/errors/visible.ts';
import { parsedPositionals } from '../collector-options.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { usageError } from '../usage-error.ts';

const USAGE = 'health [URL]';
/** Not localhost, which an image without /etc/hosts cannot resolve; the service binds it to this address. */
const byDefault = 'http://127.0.0.1:13133/';
const waitMs = 5_000;

export const health: Command = Object.freeze({
  name: 'health',
  usage: USAGE,
  summary: 'Ask the health_check of a running service: exit code 0 when it responds with 200, else 1.',
  help: () => `Usage: meterbridge ${USAGE}

Asks the extension health_check of a running service, by default at ${byDefault}. Exit code 0 and silence when it answers 200; else 1 and a line that says why.
`,
  async run(args: readonly string[], { stderr }: Streams): Promise<number> {
    const [given = byDefault, ...rest] = parsedPositionals(args, USAGE);
    if (rest.length > 0) throw usageError('URL', rest.join(' '), 'there is one URL', `meterbridge ${USAGE}`);
    if (!/^https?:\/\//.test(given) || !URL.canParse(given))
      throw usageError('URL', JSON.stringify(given), 'it is an http URL', byDefault);
    try {
      const { status } = await fetch(given, { signal: AbortSignal.timeout(waitMs) });
      if (status === 200) return exitCodes.done;
      stderr.write(`${visible(given)} responds with ${status}\n`);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      stderr.write(`${visible(`${given} does not respond: ${cause instanceof Error ? cause.message : String(cause)}`)}\n`);
    }
    return exitCodes.failed;
  },
});
