/** `meterbridge serve`: the Collector-compatible service. */

import { problemText } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import { visible, visibleLines } from '../../../core/errors/visible.ts';
import { defaultLimits, type Limits } from '../../../service/limits.ts';
import { collectorConfigReader, withWarnings } from '../collector-options.ts';
import { type Command, exitCodes, type Streams } from '../command.ts';
import { createNotify } from '../notify.ts';
import { optionsHelp } from '../option.ts';
import { parsedOptions } from '../parsed-arguments.ts';
import { usageError } from '../usage-error.ts';
import { version } from '../version.ts';
import { startWatchdog } from '../watchdog.ts';
import { type LimitName, limitNames, serveOptions } from './serve/options.ts';

const USAGE = 'serve --config SOURCE… [--set KEY=VALUE]… [OPTIONS]';

type LimitKey = Exclude<keyof Limits, 'noCompaction' | 'allowedHosts' | 'created'>;

/** Of those that are no bytes of memory. */
const most = 2 ** 31 - 1;
const mostMemory = 2 ** 43;
/** Everything is closed within this time, or the process ends with exit code 1. */
const endWithinMs = 5_000;

export const serve: Command = Object.freeze({
  name: 'serve',
  usage: USAGE,
  summary: 'Run the service: receive OTLP and show it, by an OpenTelemetry Collector’s configuration.',
  help: () => `Usage: meterbridge ${USAGE}

Runs the service until SIGTERM or SIGINT, then ends with exit code 0; a second signal ends it at once with exit code 1. SIGHUP reads the configuration again and changes to it. Log lines go to standard error.

${optionsHelp(serveOptions)}
Options that begin with --max- are limits: beyond one, the service rejects what is new and reports it to the sender.
`,
  async run(args: readonly string[], streams: Streams): Promise<number> {
    const { stdout, stderr } = streams;
    const values = parsedOptions(args, serveOptions, USAGE);
    const contract = await contractOf(values.contract, values.refuse === true);
    const allowedHosts = await checkedHosts(values['allowed-host']);
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
    const { startService } = await import('../../../service/graph/service.ts');
    if (values.plugin !== undefined) await surviveComponents(streams);
    const service = await startService(read.config, {
      stdout,
      stderr,
      version: version(),
      reread,
      contract,
      keep: values.keep,
      showValues: values['show-values'] ?? false,
      sources: sourceNames(values),
      onReload: (phase) => void notify(phase === 'begins' ? 'RELOADING=1' : 'READY=1'),
      limits: {
        ...limitsOf(values),
        noCompaction: values['no-compaction'] ?? false,
        created: values.created ?? false,
        allowedHosts,
      },
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

/** As the command line has them, but for what may be a secret: a text, and values. */
function sourceNames({
  config = [],
  set = [],
}: {
  readonly config?: readonly string[];
  readonly set?: readonly string[];
}): readonly string[] {
  const texts = config.map((source) => (source.startsWith('yaml:') ? 'yaml:…' : source));
  return [...texts, ...set.map((value) => `--set ${value.split('=')[0]}`)];
}

async function contractOf(name: string | undefined, refuse: boolean) {
  if (name === undefined && refuse)
    throw usageError('--refuse', 'no --contract', 'it is about a contract', 'add --contract NAME');
  if (name === undefined) return undefined;
  const { contractFrom } = await import('../contract-source/contract-source.ts');
  return { contract: await contractFrom(name), refuse };
}

function limitsOf(values: Readonly<Partial<Record<LimitName, string>>>): Limits {
  const given = limitNames.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[keyOf(name), limitOf(name, value)]];
  });
  return { ...defaultLimits, ...Object.fromEntries(given) };
}

/** `--max-series` is `maxSeries`. */
function keyOf(name: LimitName): LimitKey {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as LimitKey;
}

function limitOf(name: LimitName, given: string): number {
  const value = /^\d{1,13}$/.test(given) ? Number(given) : 0;
  const max = name === 'max-memory' ? mostMemory : most;
  if (value >= 1 && value <= max) return value;
  throw usageError(
    `--${name}`,
    JSON.stringify(given),
    `it is a whole number from 1 to ${max}`,
    `write --${name} ${defaultLimits[keyOf(name)]}`,
  );
}

async function checkedHosts(names: readonly string[] = []): Promise<readonly string[]> {
  if (names.length === 0) return names;
  const { hostRule, isHost } = await import('../../../service/guard/hosts.ts');
  for (const name of names)
    if (!isHost(name))
      throw usageError('--allowed-host', shown(name), hostRule, 'write e.g. --allowed-host meterbridge.example.org');
  return names;
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

/**
 * What a component of a plugin throws in a timer of its own costs what it was about; every other uncaught error ends the process,
 * as ever.
 */
async function surviveComponents({ stderr }: Streams): Promise<void> {
  const { surviveComponents: survive } = await import('../../../service/graph/component-context.ts');
  survive((error) => {
    stderr.write(`${visibleLines(String(error instanceof Error ? error.stack : error))}\n`);
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
