/** The options that choose a command's configuration. */
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Factory } from '../collector/component.ts';
import type { ReadConfig } from '../collector/config/index.ts';
import { visible } from '../errors/visible.ts';
import { componentsWith } from './load-plugins.ts';
import { usageError } from './usage-error.ts';

export const collectorOptionsHelp = `  --config SOURCE    a path, file:PATH, env:NAME or yaml:TEXT; several are merged in their order
  --set KEY=VALUE    one value of the configuration, e.g. receivers.otlp.protocols.http.endpoint=localhost:4318; after every --config
  --plugin MODULE    a package, or a path that begins with ./, whose components the service has beside its own; may stand several times
  --metrics-only     leave pipelines of traces, logs and profiles out, with a warning, instead of refusing them
`;

/** For `parseArgs`. */
export const collectorOptions = {
  config: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  plugin: { type: 'string', multiple: true },
  'metrics-only': { type: 'boolean' },
} as const;

export interface CollectorValues {
  readonly config?: string[] | undefined;
  readonly set?: string[] | undefined;
  readonly plugin?: string[] | undefined;
  readonly 'metrics-only'?: boolean | undefined;
}

/**
 * Returns what reads the configuration that the options name, each time from its sources. What it needs is loaded here, so that other commands start
 * without it.
 * @param usage of the command, for the message when there is no configuration
 */
export async function collectorConfigReader(values: CollectorValues, usage: string): Promise<() => ReadConfig<Factory>> {
  const { config = [], set = [], 'metrics-only': metricsOnly = false } = values;
  if (config.length === 0) throw usageError('--config', 'nothing', 'a configuration is required', `meterbridge ${usage}`);
  const [{ readConfig }, components] = await Promise.all([import('../collector/config/index.ts'), componentsWith(values.plugin)]);
  return () => readConfig({ config, set }, components, { metricsOnly });
}

/** Reads what the options name and writes its warnings to `stderr`. */
export async function readCollectorConfig(values: CollectorValues, stderr: Writable, usage: string): Promise<ReadConfig<Factory>> {
  return withWarnings((await collectorConfigReader(values, usage))(), stderr);
}

export function withWarnings(read: ReadConfig<Factory>, stderr: Writable): ReadConfig<Factory> {
  stderr.write(read.warnings.map((warning) => `${visible(warning)}\n`).join(''));
  return read;
}

/** `parseArgs`, with an error that names the command. */
export function parsedArgs<const T extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  return parsed(args, usage, () => parseArgs({ args: [...args], options, strict: true }).values);
}

/** Of a command that has no options. */
export function parsedPositionals(args: readonly string[], usage: string): readonly string[] {
  return parsed(args, usage, () => parseArgs({ args: [...args], options: {}, strict: true, allowPositionals: true }).positionals);
}

function parsed<T>(args: readonly string[], usage: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw usageError('ARGUMENTS', args.join(' '), error instanceof Error ? error.message : String(error), `meterbridge ${usage}`);
  }
}
