/** `contract()`: declarations in, a checked and frozen contract out. */
import { publicFunctions } from '../errors/caller.ts';
import { checkKeys } from '../errors/check-options.ts';
import { MeterbridgeError } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import type { Declarations, Declared } from './declare.ts';
import type { ConstantLabels, Contract, Metric, Metrics } from './metric.ts';
import { resolveMetric } from './resolve.ts';
import { validate } from './validate.ts';

/** How long the last good values stay after a failed collection: two scrapes, 30 s apart. */
export const DEFAULT_MAX_AGE_MS = 60_000;

/** The metrics of resolved declarations. */
export type Resolved<D extends Declarations> = {
  [Key in keyof D]: D[Key] extends Declared<infer K, infer L, infer O> ? Metric<K, L, O> : never;
};

export interface ContractOptions {
  /**
   * Labels with one value on every series, fixed or a `parameter(value)`. OpenMetrics discourages them: use them only where a
   * host's document requires them. Default: none.
   */
  readonly constantLabels?: ConstantLabels;
  /** The format for a client that states no preference. `text` is text 0.0.4. Default `text`. */
  readonly defaultFormat?: 'openmetrics' | 'text';
  /** How long the last good values stay after a failed collection, in milliseconds; `Infinity`: forever. Default 60,000. */
  readonly maxAgeMs?: number;
  /** Ids of accepted lint findings, by series: `{ rm_hosts_total: ['total-suffix'] }`. Default: none. */
  readonly accepts?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Declares what a program measures, once. Each key becomes an instrument (`memoryUsed` → `runwisp.memory.used`) and a series
 * (`runwisp_memory_used_bytes`), named as an OpenTelemetry Collector with default settings names it.
 *
 * @param name prefix of the series and name of the meter, e.g. `runwisp`
 * @throws MeterbridgeError `CONTRACT_INVALID` with all problems
 */
export function contract<D extends Declarations>(name: string, metrics: D, options: ContractOptions = {}): Contract<Resolved<D>> {
  checkKeys('CONTRACT_INVALID', options, 'contract options', knownOptions);
  checkDeclarations(metrics);
  const resolved: [string, Metric][] = Object.entries(metrics).map(([key, declared]) => [
    key,
    resolveMetric(name, key, declared as Declared, options.constantLabels ?? {}),
  ]);
  return checked({
    name,
    metrics: Object.freeze(Object.fromEntries(resolved)),
    defaultFormat: options.defaultFormat ?? 'text',
    maxAgeMs: options.maxAgeMs ?? DEFAULT_MAX_AGE_MS,
    accepts: frozenLists(options.accepts ?? {}),
  }) as Contract<Metrics> as Contract<Resolved<D>>;
}

const knownOptions: readonly string[] = Object.keys({
  constantLabels: 0,
  defaultFormat: 0,
  maxAgeMs: 0,
  accepts: 0,
} satisfies Record<keyof ContractOptions, 0>);

/** What has not come from a builder has neither kind nor declaration. */
function checkDeclarations(metrics: unknown): void {
  const isObject = typeof metrics === 'object' && metrics !== null;
  const entries = isObject
    ? Object.entries(metrics).map(([key, value]) => [`contract metrics.${key}`, value] as const)
    : [['contract metrics', metrics] as const];
  const problems = entries
    .filter(([, value]) => !isObject || typeof (value as Partial<Declared> | null | undefined)?.declaration !== 'object')
    .map(([at, value]) => ({
      at,
      got: shown(value, 60),
      rule: 'a metric is declared by its kind',
      fix: 'write { name: counter({ help }) }',
    }));
  if (problems.length > 0) throw new MeterbridgeError('CONTRACT_INVALID', problems);
}

/** Freezes a resolved contract, or throws all its problems. */
function checked(resolved: Contract): Contract {
  const problems = validate(resolved);
  if (problems.length > 0) throw new MeterbridgeError('CONTRACT_INVALID', problems);
  return Object.freeze(resolved);
}

function frozenLists(lists: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>> {
  return Object.freeze(Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, Object.freeze([...list])])));
}

publicFunctions(contract);
