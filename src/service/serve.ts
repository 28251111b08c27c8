/** The service within another program. */
import type { Writable } from 'node:stream';
import manifest from '../../package.json' with { type: 'json' };
import { MeterbridgeError } from '../core/errors/error.ts';
import { fromCaller } from '../core/errors/from-caller.ts';
import {
  anything,
  checkOptions,
  flag,
  listOf,
  must,
  type OptionRules,
  object,
  positive,
  options as shape,
  text,
} from '../core/errors/option-rules.ts';
import type { Factory } from './component.ts';
import type { Service } from './graph/service.ts';
import { hostRule, isHost } from './guard/hosts.ts';
import { defaultLimits, type Limits } from './limits.ts';

export interface ServeOptions {
  /** A path, `file:PATH`, `env:NAME` or `yaml:TEXT`; several are merged in their order. */
  readonly config: string | readonly string[];
  /** `KEY=VALUE` each, merged after `config`. */
  readonly set?: readonly string[];
  /** Components beside Meterbridge's own. */
  readonly components?: readonly Factory[];
  /** Leaves pipelines of traces, logs and profiles out, with a warning, instead of rejecting them. Default: false. */
  readonly metricsOnly?: boolean;
  /** Defaults: those of `meterbridge serve`. */
  readonly limits?: Partial<Limits>;
  /** For exporters that write there. Default: the process's. */
  readonly stdout?: Writable;
  /** For log lines. Default: the process's. */
  readonly stderr?: Writable;
}

const texts = listOf(text, "write e.g. ['otel-collector.yaml']");
const hosts = listOf(must(isHost, hostRule, "write e.g. 'meterbridge.example.org'"), "write e.g. ['meterbridge.example.org']");
const limits = Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, positive()]));
const rules: OptionRules<ServeOptions> = {
  config: (value, at) => (Array.isArray(value) ? texts(value, at) : text(value ?? '', at)),
  set: texts,
  // Each is looked at as a plugin's.
  components: anything,
  metricsOnly: flag,
  limits: shape({ ...limits, noCompaction: flag, created: flag, allowedHosts: hosts }),
  stdout: object,
  stderr: object,
};

/**
 * Starts the service; resolves once every component works. Signals and the process's end stay the caller's: call `shutdown`, and
 * `reload` to read the configuration again.
 * @throws MeterbridgeError OPTION_INVALID for a wrong option, or a component that is none; COLLECTOR_CONFIG_INVALID with all
 * problems; or why a component does not start
 */
export function serve(options: ServeOptions): Promise<Service> {
  return fromCaller(serve, () => start(options));
}

async function start(options: ServeOptions): Promise<Service> {
  checkOptions('OPTION_INVALID', options ?? null, 'serve', rules);
  const {
    config,
    set = [],
    components = [],
    metricsOnly = false,
    limits = {},
    stdout = process.stdout,
    stderr = process.stderr,
  } = options;
  const [{ readConfig }, { startService }, { withPlugins }] = await Promise.all([
    import('./config/index.ts'),
    import('./graph/service.ts'),
    import('./plugin/with-plugins.ts'),
  ]);
  const all = withPlugins([{ at: 'serve', components }]);
  const reread = () => readConfig({ config: typeof config === 'string' ? [config] : config, set }, all, { metricsOnly });
  const read = reread();
  if (!read.ok) throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', read.problems);
  const { warnings } = read;
  return startService(read.config, {
    stdout,
    stderr,
    version: manifest.version,
    limits: { ...defaultLimits, ...limits },
    warnings,
    reread,
  });
}
