/** `meterbridge demo`: a small shop at work, from the installed package. */
import { readFile } from 'node:fs/promises';
import { fileOf } from '../../demo/file-of.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { parsedOptions } from '../parsed-arguments.ts';
import { usageError } from '../usage-error.ts';
import { version } from '../version.ts';

const USAGE = 'demo [--once] [--port N] [--source]';
const defaultPort = 9_470;
/** The page's port and those after it exist. */
const lastPort = 65_500;

export const demo: Command = Object.freeze({
  name: 'demo',
  usage: USAGE,
  summary:
    'Watch a small shop API being recorded, pulled and pushed: a live table here, and a page with a button that blocks the shop.',
  help: () => `Usage: meterbridge ${USAGE}

Runs a small shop API with customers until Ctrl-C, and shows what is recorded, pulled and pushed, here and on a page. The page's button blocks the
shop's event loop for 10 s; scrapes are answered meanwhile. Everything listens on 127.0.0.1.

  --once             5 s of work, the table once, exit code 0 only if recorded, pulled and pushed values agree
  --port N           the page's port, ${defaultPort} by default; the shop and what it serves take the next ones. A port in use is skipped. 0: any
  --source           print the shop's program, and do nothing else
`,
  async run(args: readonly string[], { stdout }: Streams): Promise<number> {
    const options = { once: { type: 'boolean' }, port: { type: 'string' }, source: { type: 'boolean' } } as const;
    const { once = false, port, source = false } = parsedOptions(args, options, USAGE);
    const first = portOf(port);
    if (source) {
      stdout.write(await readFile(fileOf('shop')));
      return exitCodes.done;
    }
    const [{ demo: run }, { interruption }] = await Promise.all([import('../../demo/demo.ts'), import('../../demo/signals.ts')]);
    return run({ stdout, env: process.env, version: version(), port: first, once, interrupted: interruption() });
  },
});

function portOf(given: string | undefined): number {
  if (given === undefined) return defaultPort;
  const port = /^\d{1,5}$/.test(given) ? Number(given) : -1;
  if (port >= 0 && port <= lastPort) return port;
  throw usageError('--port', JSON.stringify(given), `it is a whole number from 0 to ${lastPort}`, `write --port ${defaultPort}`);
}
