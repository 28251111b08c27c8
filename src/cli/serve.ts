/** `meterbridge serve`: the Collector-compatible service. */

import { defaultLimits } from '../collector/default-limits.ts';
import { problemText } from '../errors/error.ts';
import { visible } from '../errors/visible.ts';
import { collectorConfigReader, collectorOptions, collectorOptionsHelp, parsedArgs, withWarnings } from './collector-options.ts';
import { type Command, exitCodes, type Streams } from './command.ts';
import { createNotify } from './notify.ts';
import { usageError } from './usage-error.ts';
import { version } from './version.ts';
import { startWatchdog } from './watchdog.ts';

const USAGE = 'serve --config SOURCE… [--set KEY=VALUE]… [OPTIONS]';

/** The Collector has no keys for these. */
const limits = {
  'max-series': { to: 'maxSeries', what: 'series that an exporter keeps' },
  'max-series-per-resource': { to: 'maxSeriesPerResource', what: 'series of one resource that an exporter keeps' },
  'max-families': { to: 'maxFamilies', what: 'names that an exporter exposes' },
  'max-attributes': { to: 'maxAttributes', what: 'attributes of a point' },
  'max-value-bytes': { to: 'maxValueBytes', what: 'bytes of an attribute’s value' },
} as const;

const limitNames = Object.keys(limits) as (keyof typeof limits)[];
const byDefault = (name: keyof typeof limits) => defaultLimits[limits[name].to];
const most = 2 ** 31 - 1;
/** Everything is closed within this time, or the process ends with exit code 1. */
const endWithinMs = 5_000;

export const serve: Command = Object.freeze({
  name: 'serve',
  usage: USAGE,
  summary: 'Run the service: receive OTLP and show it, by an OpenTelemetry Collector’s configuration.',
  help: () => `Usage: meterbridge ${USAGE}

Runs the service until SIGTERM or SIGINT, then ends with exit code 0; a second signal ends it at once with exit code 1. SIGHUP reads the configuration again and changes to it. Log lines go to standard error.

${collectorOptionsHelp}  --contract NAME    holds what senders send against a contract: a built-in host, a .json file or a module; breaks are logged and counted
  --refuse           with --contract: leaves out what breaks it, and tells the sender
${limitNames.map((name) => `  --${`${name} N`.padEnd(26)} at most so many ${limits[name].what}; default ${byDefault(name)}`).join('\n')}
  --no-compaction            refuse batches when a sending queue is full, also where newer points supersede what waits
`,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    const { stdout, stderr } = streams;
    const text = { type: 'string' } as const;
    const own = {
      'max-series': text,
      'max-series-per-resource': text,
      'max-families': text,
      'max-attributes': text,
      'max-value-bytes': text,
      contract: text,
      refuse: { type: 'boolean' },
      'no-compaction': { type: 'boolean' },
    } as const;
    const values = parsedArgs(args, { ...collectorOptions, ...own }, USAGE);
    const [maxSeries, maxSeriesPerResource, maxFamilies, maxAttributes, maxValueBytes] = limitNames.map((name) =>
      limitOf(name, values[name]),
    );
    const contract = await contractOf(values.contract, values.refuse === true);
    const reread = await collectorConfigReader(values, USAGE);
    const read = withWarnings(reread(), stderr);
    if (!read.ok) {
      stderr.write(read.problems.map((problem) => `${problemText(problem)}\n`).join(''));
      return exitCodes.failed;
    }
    const whenHungUp = hungUp();
    // From here on, so that a signal while components start ends what they have opened.
    const signal = signalled();
    const notify = createNotify(stderr);
    const { startService } = await import('../collector/graph/service.ts');
    if (values.plugin !== undefined) await surviveComponents(streams);
    const service = await startService(read.config, {
      stdout,
      stderr,
      version: version(),
      reread,
      contract,
      onReload: (phase) => void notify(phase === 'begins' ? 'RELOADING=1' : 'READY=1'),
      limits: {
        maxSeries,
        maxSeriesPerResource,
        maxFamilies,
        maxAttributes,
        maxValueBytes,
        noCompaction: values['no-compaction'] ?? false,
      } as never,
    });
    void notify('READY=1');
    const endWatchdog = startWatchdog(notify);
    whenHungUp(service.reload);
    // A plugin may do nothing that keeps a process running.
    const stays = setInterval(() => {}, 2 ** 30);
    const failure = await Promise.race([service.failed, signal]);
    if (failure !== undefined) stderr.write(`${visible(failure.message)}\n`);
    endWatchdog();
    void notify('STOPPING=1');
    clearInterval(stays);
    const timer = setTimeout(() => process.exit(exitCodes.failed), endWithinMs).unref();
    await service.shutdown();
    clearTimeout(timer);
    return failure === undefined ? exitCodes.done : exitCodes.failed;
  },
});

async function contractOf(name: string | undefined, refuse: boolean) {
  if (name === undefined && refuse) throw usageError('--refuse', 'no --contract', 'it is about a contract', 'add --contract NAME');
  if (name === undefined) return undefined;
  const { loadContract } = await import('./load-contract.ts');
  return { contract: await loadContract(name), refuse };
}

function limitOf(name: keyof typeof limits, given: string | undefined): number {
  if (given === undefined) return byDefault(name);
  const value = /^\d{1,10}$/.test(given) ? Number(given) : 0;
  if (value >= 1 && value <= most) return value;
  throw usageError(`--${name}`, JSON.stringify(given), `it is a whole number from 1 to ${most}`, `write --${name} ${byDefault(name)}`);
}

/** Hears SIGHUP from now on, which would end the process, and reloads once there is something to reload. */
function hungUp(): (reload: () => Promise<unknown>) => void {
  let reload: (() => Promise<unknown>) | undefined;
  let waits = false;
  process.on('SIGHUP', () => {
    waits = reload === undefined;
    void reload?.();
  });
  return (known) => {
    reload = known;
    if (waits) void known();
  };
}

/** What a component of a plugin throws in a timer of its own costs what it was about; every other uncaught error ends the process, as ever. */
async function surviveComponents({ stderr }: Streams): Promise<void> {
  const { surviveComponents: survive } = await import('../collector/graph/blame.ts');
  survive((error) => {
    stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(exitCodes.failed);
  });
}

/** Resolves at the first signal; the second ends the process. */
function signalled(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let first = true;
  const hear = () => {
    if (!first) process.exit(exitCodes.failed);
    first = false;
    resolve(undefined);
  };
  process.on('SIGTERM', hear);
  process.on('SIGINT', hear);
  return promise;
}
