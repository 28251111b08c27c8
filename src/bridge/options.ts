/** The options of `meterbridge()` and their checks. */
import { checkKeys } from '../errors/check-options.ts';
import { MeterbridgeError, type Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import type { PushOptions } from '../push/index.ts';
import type { EngineChoice } from '../recording/index.ts';

export interface ScrapeOptions {
  /** For a family whose last good values are too old: omit it, or answer 500. Default `omit`. */
  readonly onStale?: 'omit' | 'fail';
  /** Maximum size of an answer in bytes, before compression. Default 4 MiB. */
  readonly maxBytes?: number;
  /** For a larger answer: omit the largest families entirely, or answer 500. Default `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /** Maximum number of distinct concurrent renderings; beyond it, 503. Default 2. */
  readonly maxRenderings?: number;
  /** Maximum time for an answer in ms; beyond it, 504. A scraper's own timeout lowers it. Default 10,000. */
  readonly deadlineMs?: number;
}

export interface BridgeOptions {
  /** OTLP push. Default: off, unless an `OTEL_*` variable turns it on. `false`: always off. */
  readonly push?: PushOptions | false;
  readonly scrape?: ScrapeOptions;
  /** Records the measurements. Default: Meterbridge's own engine; `sdkEngine()` from `meterbridge/sdk`: the OpenTelemetry SDK. */
  readonly engine?: EngineChoice;
  /** How long a callback may take, in ms, before its families keep their last good values. Default 5,000. */
  readonly callbackTimeoutMs?: number;
  /** Exposes Meterbridge's own metrics (`meterbridge_*`) beside the contract's. Default false. */
  readonly selfMetrics?: boolean;
  /**
   * Throws MEASUREMENT_REFUSED at the call of a recorder that refuses, folds, shortens or drops something; what is folded or shortened is recorded all
   * the same. For development and tests. `meterProvider` never throws. Default: whether `METERBRIDGE_STRICT` is `1`.
   */
  readonly strict?: boolean;
  /**
   * A scrape of this process shows the sum over all processes of the program that give the same value: `all`, for those of one user with the same script and
   * contract, or a directory, for those that name it. See docs/processes.md. Default: each process shows its own series. Not on Windows.
   */
  readonly processes?: 'all' | (string & {});
  /** Creates a separate bridge that later calls with the same contract do not return. For tests. Default false. */
  readonly isolated?: boolean;
  /** Milliseconds since the epoch. Default `Date.now`, and `performance.now` for ages and durations, which ignore a given clock's backward steps. */
  readonly clock?: () => number;
  /** Receives one log line, without its line end. Default: standard error. Called on changes of state only, not for each measurement. */
  readonly log?: (line: string) => void;
  /** Environment variables. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Half of a scrape's usual deadline: a late callback must not cost the scrape. */
export const DEFAULT_CALLBACK_TIMEOUT_MS = 5_000;

/** The maximum of Node.js timers: a longer one would fire at once. */
const MOST = 2 ** 31 - 1;

const knownOptions: readonly string[] = Object.keys({
  push: 0,
  scrape: 0,
  engine: 0,
  callbackTimeoutMs: 0,
  selfMetrics: 0,
  strict: 0,
  isolated: 0,
  processes: 0,
  clock: 0,
  log: 0,
  env: 0,
} satisfies Record<keyof BridgeOptions, 0>);
const knownScrapeOptions: readonly string[] = Object.keys({
  onStale: 0,
  maxBytes: 0,
  onTooLarge: 0,
  maxRenderings: 0,
  deadlineMs: 0,
} satisfies Record<keyof ScrapeOptions, 0>);

/** @throws CONTRACT_INVALID for what no `contract()` returned */
export function checkContract(contract: unknown): void {
  const { name, metrics } = (contract ?? {}) as Partial<Record<string, unknown>>;
  if (typeof name === 'string' && typeof metrics === 'object' && metrics !== null) return;
  const rule = 'it is a contract';
  throw new MeterbridgeError('CONTRACT_INVALID', [
    { at: 'meterbridge()', got: shown(contract, 60), rule, fix: 'pass what contract() returns' },
  ]);
}

export function isStrict({ strict, env = process.env }: BridgeOptions): boolean {
  return strict ?? env.METERBRIDGE_STRICT === '1';
}

/** @throws OPTION_INVALID naming every number that is not positive or too large, and an invalid engine */
export function checkOptions(options: BridgeOptions): void {
  checkKeys('OPTION_INVALID', options, 'options', knownOptions);
  if (options.scrape !== undefined) checkKeys('OPTION_INVALID', options.scrape, 'options.scrape', knownScrapeOptions);
  const numbers: [string, number | undefined][] = [
    ['callbackTimeoutMs', options.callbackTimeoutMs],
    ['scrape.maxBytes', options.scrape?.maxBytes],
    ['scrape.maxRenderings', options.scrape?.maxRenderings],
    ['scrape.deadlineMs', options.scrape?.deadlineMs],
  ];
  const problems: Problem[] = numbers
    .filter(([, value]) => value !== undefined && !((value as number) > 0 && (value as number) <= MOST))
    .map(([at, value]) => ({
      at: `options.${at}`,
      got: String(value),
      rule: `it must be a positive number of at most ${MOST}`,
      fix: 'give such a number, or leave it out for the default',
    }));
  if (options.engine !== undefined && typeof options.engine?.create !== 'function') {
    const rule = "it must be an engine, e.g. what sdkEngine() from 'meterbridge/sdk' returns";
    problems.push({ at: 'options.engine', got: typeof options.engine, rule, fix: 'call sdkEngine(), or leave it out for the default' });
  }
  const processes: unknown = options.processes;
  if (processes !== undefined && (typeof processes !== 'string' || processes === '' || process.platform === 'win32')) {
    const rule = "it must be 'all' or the path of a directory, and is not supported on Windows";
    const fix = "write 'all', or leave it out: each process then shows its own series";
    problems.push({ at: 'options.processes', got: JSON.stringify(processes), rule, fix });
  }
  if (problems.length > 0) throw new MeterbridgeError('OPTION_INVALID', problems);
}
