/** The options of `meterbridge()`, and what they become. */
import { MeterbridgeError, type Problem } from '../errors/error.ts';
import type { PushOptions } from '../push/index.ts';
import type { EngineChoice } from '../recording/index.ts';

export interface ScrapeOptions {
  /** A family whose last good values are too old: leave it out, or answer 500. Default `omit`. */
  readonly onStale?: 'omit' | 'fail';
  /** Largest answer in bytes, before compression. Default 4 MiB. */
  readonly maxBytes?: number;
  /** A larger answer: leave the largest families out, whole, or answer 500. Default `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /** Distinct renderings at a time; beyond it 503. Default 2. */
  readonly maxRenderings?: number;
  /** Longest time for an answer in ms; beyond it 504. A scraper's own timeout lowers it. Default 10,000. */
  readonly deadlineMs?: number;
}

export interface BridgeOptions {
  /** OTLP push. Default: off, unless an `OTEL_*` variable turns it on; `false`: off whatever the variables say. */
  readonly push?: PushOptions | false;
  readonly scrape?: ScrapeOptions;
  /** What measurements are recorded with. Default: Meterbridge's own engine; `sdkEngine()` from `meterbridge/sdk`: the OpenTelemetry SDK. */
  readonly engine?: EngineChoice;
  /** How long a callback may take, in ms, before its families keep their last good values. Default 5,000. */
  readonly callbackTimeoutMs?: number;
  /** Shows Meterbridge's own metrics (`meterbridge_*`) beside the contract's. Default false. */
  readonly selfMetrics?: boolean;
  /** A bridge of its own, unknown to later calls with the same contract. Default false; meant for tests. */
  readonly isolated?: boolean;
  /** Milliseconds since the epoch. Default `Date.now`, and for ages and durations `performance.now`; steps back of one that is given make nothing younger. */
  readonly clock?: () => number;
  /** Takes one line of log without a line end. Default: standard error. Never called for a measurement, only for changes of state. */
  readonly log?: (line: string) => void;
  /** Environment variables. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Half of a scrape's usual deadline: a late callback must not cost the scrape. */
export const DEFAULT_CALLBACK_TIMEOUT_MS = 5_000;

/** Where timers of Node.js end: a longer one would ring at once. */
const MOST = 2 ** 31 - 1;

/** @throws OPTION_INVALID naming every number that is not a positive one, and an engine that is none */
export function checkOptions(options: BridgeOptions): void {
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
  if (problems.length > 0) throw new MeterbridgeError('OPTION_INVALID', problems);
}
