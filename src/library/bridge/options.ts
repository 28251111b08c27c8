/** The options of `meterbridge()` and their checks. */
import { MeterbridgeError } from '../../core/errors/error.ts';
import {
  anything,
  callback,
  checkOptions,
  choice,
  flag,
  must,
  type OptionRule,
  type OptionRules,
  object,
  options,
  positive,
} from '../../core/errors/option-rules.ts';
import { shown } from '../../core/errors/shown.ts';
import type { PushOptions } from '../push/index.ts';
import { type EngineChoice, type ViewOptions, viewsRule } from '../recording/index.ts';

export interface ScrapeOptions {
  /**
   * For a callback that has not ended in time: show its last good values, or respond with 504. Its values are used when they
   * come, in either case. Not with
   * `processes`. Default `last`.
   */
  readonly onLate?: 'last' | 'fail';
  /** For a family whose last good values are too old: omit it, or respond with 500. Default `omit`. */
  readonly onStale?: 'omit' | 'fail';
  /** Maximum size of a response, before compression; a family is never cut. Default 64 MiB. */
  readonly maxBytes?: number;
  /** For a larger response: omit the largest families entirely, or respond with 500. Default `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /**
   * Whether a scraper that asks for protobuf gets it: Prometheus does where it wants native histograms, which no text format has.
   * Default true; `false`: such a scraper gets text.
   */
  readonly protobuf?: boolean;
  /**
   * Whether OpenMetrics has a line `_created` of each counter, histogram and summary: when its series began, for a Prometheus
   * with
   * `--enable-feature=created-timestamp-zero-ingestion`, which then counts a series from 0. Every other one stores these lines as
   * series of their own. Protobuf has the starts in any case. Default false.
   */
  readonly created?: boolean;
  /**
   * Maximum number of distinct renderings at a time, and as many of those that `name[]` filters. Equal requests share one; beyond
   * it, 503 with `Retry-After: 1`. Default 4.
   */
  readonly maxRenderings?: number;
  /** Maximum time for a response; beyond it, 504. `X-Prometheus-Scrape-Timeout-Seconds` minus 0.5 s lowers it. Default 10,000. */
  readonly deadlineMs?: number;
}

/** The processes that share a directory, and go on with its totals after all of them have ended. */
export interface KeptProcesses {
  /** One that stays over a deploy and a restart of the machine. */
  readonly directory: string;
  readonly keep: true;
}

export interface BridgeOptions {
  /**
   * OTLP push, see docs/pushing.md. `false`: always off, whatever the variables say. Default: off, unless an `OTEL_*` variable
   * turns it on.
   */
  readonly push?: PushOptions | false;
  /** What a scrape shows, and its limits. Default: those of `ScrapeOptions`. */
  readonly scrape?: ScrapeOptions;
  /** Records the measurements. Default: Meterbridge's own engine; `sdkEngine()` from `meterbridge/sdk`: the OpenTelemetry SDK. */
  readonly engine?: EngineChoice;
  /**
   * Change how instruments are recorded that no contract names: which attributes a library's metric has, how it is aggregated,
   * what it is called. See docs/views.md. Default: none.
   */
  readonly views?: readonly ViewOptions[];
  /**
   * How long a callback may take. Then its signal aborts, and no scrape or push waits for it any more: see
   * docs/scraping.md#slow-callbacks. Default 5,000.
   */
  readonly callbackTimeoutMs?: number;
  /**
   * Shows Meterbridge's own metrics (`meterbridge_*`) beside the contract's: see
   * docs/automatic-metrics.md#meterbridges-own-metrics. Default false.
   */
  readonly selfMetrics?: boolean;
  /**
   * Throws MEASUREMENT_REFUSED at the call of a recorder that rejects a measurement, aggregates it into `other`, or shortens or
   * drops a label; what is aggregated or shortened is recorded all the same. For development and tests. `meterProvider` never
   * throws. Default: whether `METERBRIDGE_STRICT` is `1`.
   */
  readonly strict?: boolean;
  /**
   * A scrape of this process shows the sum over all processes that give the same value: see docs/processes.md. `all` joins those
   * of one user with the same script and contract, a directory those that name it. With `keep: true`, totals in the directory go
   * on after all of them have ended. Not on Windows. Default: each process shows its own series.
   */
  readonly processes?: 'all' | (string & {}) | KeptProcesses;
  /** Creates a separate bridge that later calls with the same contract do not return. For tests. Default false. */
  readonly isolated?: boolean;
  /**
   * Milliseconds since the epoch. Ages and durations ignore its backward steps. Default `Date.now`, and `performance.now` for
   * ages and durations.
   */
  readonly clock?: () => number;
  /**
   * Receives one log line, without its line end. Default: standard error. Called on changes of state only, not for each
   * measurement.
   */
  readonly log?: (line: string) => void;
  /** Environment variables. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Half of a scrape's usual deadline: a late callback must not cost the scrape. */
export const DEFAULT_CALLBACK_TIMEOUT_MS = 5_000;

const engine = must(
  (value) => typeof (value as { create?: unknown } | null)?.create === 'function',
  "it must be an engine, e.g. what sdkEngine() from 'meterbridge/sdk' returns",
  'call sdkEngine(), or leave it out for the default',
  (value) => typeof value,
);
const sharedProcesses = must(
  (value) => typeof value === 'string' && value !== '' && process.platform !== 'win32',
  "it must be 'all', the path of a directory, or { directory, keep: true }, and is not supported on Windows",
  "write 'all', or leave it out: each process then shows its own series",
);
/** Names of `all`'s directory are below the system's for temporary files, which a restart of the machine empties. */
const keptDirectory = must(
  (value) => typeof value === 'string' && value !== '' && value !== 'all',
  'it is the path of a directory that stays',
  "write e.g. '/var/lib/shop/metrics'",
);
const isKept = must((value) => value === true, 'it is true', 'write keep: true, or give the directory alone as processes');
const keptRules = options({ directory: keptDirectory, keep: isKept });

const processes: OptionRule = (value, at) => {
  if (typeof value !== 'object' || value === null || process.platform === 'win32') return sharedProcesses(value, at);
  const { directory, keep } = value as Partial<KeptProcesses>;
  const missing = [
    ...(directory === undefined ? keptDirectory(null, `${at}.directory`) : []),
    ...(keep === undefined ? isKept(null, `${at}.keep`) : []),
  ];
  return [...keptRules(value, at), ...missing];
};

const scrapeRules: OptionRules<ScrapeOptions> = {
  onLate: choice('last', 'fail'),
  onStale: choice('omit', 'fail'),
  maxBytes: positive(),
  onTooLarge: choice('omit', 'fail'),
  protobuf: flag,
  created: flag,
  maxRenderings: positive(),
  deadlineMs: positive(),
};
const rules: OptionRules<BridgeOptions> = {
  // Read with the variables that it is given with.
  push: anything,
  callbackTimeoutMs: positive(),
  scrape: options(scrapeRules),
  engine,
  views: viewsRule,
  selfMetrics: flag,
  strict: flag,
  isolated: flag,
  processes,
  clock: callback,
  log: callback,
  env: object,
};

/** @throws CONTRACT_INVALID for what no `contract()` returned */
export function checkContract(contract: unknown): void {
  const { name, metrics } = (contract ?? {}) as Partial<Record<string, unknown>>;
  if (typeof name === 'string' && typeof metrics === 'object' && metrics !== null) return;
  const rule = 'it is a contract';
  throw new MeterbridgeError('CONTRACT_INVALID', [
    { at: 'meterbridge()', got: shown(contract, 60), rule, fix: 'pass what contract() returns' },
  ]);
}

/** The value that the processes share: `all`, or a directory. */
export function sharedOf(processes: NonNullable<BridgeOptions['processes']>): string {
  return typeof processes === 'string' ? processes : processes.directory;
}

export function isStrict({ strict, env = process.env }: BridgeOptions): boolean {
  return strict ?? env.METERBRIDGE_STRICT === '1';
}

/** @throws OPTION_INVALID naming every problem */
export function checkBridgeOptions(given: BridgeOptions): void {
  checkOptions('OPTION_INVALID', given, 'options', rules);
  if (given.processes === undefined || given.scrape?.onLate !== 'fail') return;
  const rule =
    'with processes, a scrape shows the last values of each that is late, and waits for the callbacks of none for longer than 0.4 s';
  throw new MeterbridgeError('OPTION_INVALID', [
    { at: 'options.scrape.onLate', got: '"fail"', rule, fix: 'leave out scrape.onLate, or options.processes' },
  ]);
}
