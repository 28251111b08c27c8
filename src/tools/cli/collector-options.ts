/** The options that choose a command's configuration. */
import type { Writable } from 'node:stream';
import { visible } from '../../core/errors/visible.ts';
import type { Factory } from '../../service/component.ts';
import type { ReadConfig } from '../../service/config/index.ts';
import { componentsWith } from './load-plugins.ts';
import type { Option } from './option.ts';
import { parsedArguments } from './parsed-arguments.ts';
import { usageError } from './usage-error.ts';

/** For `parseArgs`, the help and the documentation. */
export const collectorOptions = {
  config: {
    type: 'string',
    multiple: true,
    value: 'SOURCE',
    what: 'the configuration, required: a path, file:PATH, env:NAME or yaml:TEXT; repeatable, merged in order',
  },
  set: {
    type: 'string',
    multiple: true,
    value: 'KEY=VALUE',
    what: 'sets one value of the configuration after every --config, e.g. receivers.otlp.protocols.http.endpoint=localhost:4318; repeatable',
  },
  plugin: {
    type: 'string',
    multiple: true,
    value: 'MODULE',
    what: 'adds the components of a package, or of a path that begins with ./; repeatable',
  },
  'metrics-only': {
    type: 'boolean',
    what: 'leaves out pipelines of traces, logs and profiles, with a warning, instead of rejecting them',
  },
} as const satisfies Readonly<Record<string, Option>>;

export interface CollectorValues {
  readonly config?: string[] | undefined;
  readonly set?: string[] | undefined;
  readonly plugin?: string[] | undefined;
  readonly 'metrics-only'?: boolean | undefined;
}

/**
 * Returns what reads the configuration that the options name, each time from its sources. What it needs is loaded here, so that
 * other commands start without it.
 * @param usage of the command, for the message when there is no configuration
 */
export async function collectorConfigReader(values: CollectorValues, usage: string): Promise<() => ReadConfig<Factory>> {
  const { config = [], set = [], 'metrics-only': metricsOnly = false } = values;
  if (config.length === 0) throw usageError('--config', 'nothing', 'a configuration is required', `meterbridge ${usage}`);
  const [{ readConfig }, components] = await Promise.all([
    import('../../service/config/index.ts'),
    componentsWith(values.plugin),
  ]);
  return () => readConfig({ config, set }, components, { metricsOnly });
}

/** Reads what the options name and writes its warnings to `stderr`. */
export async function readCollectorConfig(
  values: CollectorValues,
  stderr: Writable,
  usage: string,
): Promise<ReadConfig<Factory>> {
  return withWarnings((await collectorConfigReader(values, usage))(), stderr);
}

export function withWarnings(read: ReadConfig<Factory>, stderr: Writable): ReadConfig<Factory> {
  stderr.write(read.warnings.map((warning) => `${visible(warning)}\n`).join(''));
  return read;
}

/** Of a command that has no options. */
export function parsedPositionals(args: readonly string[], usage: string): readonly string[] {
  return parsedArguments(args, {}, usage).positionals;
}
