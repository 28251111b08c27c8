/** A first contract from what a program exposes, so that the same series come out. */
import { type Contract, lint } from '../../../core/contract/index.ts';
import { resolveMetric } from '../../../core/contract/resolve.ts';
import { promClientNames } from '../../../library/runtime-metrics/prom-client-names.ts';
import type { Observed, ObservedFamily } from '../observed.ts';
import { declareFamily, instrumentKey } from './declare-family.ts';
import { type Accepts, type Context, contractOf, type DraftedMetric, type DraftedMetrics, type Language } from './drafted.ts';
import { constantLabels } from './labels.ts';
import { keyFor, nameFor } from './names.ts';

export interface InferOptions {
  /** The contract's name. Default: the word with which most series begin, or `app`. */
  readonly name?: string | undefined;
  readonly language: Language;
}

export interface Inferred {
  readonly context: Context;
  readonly metrics: DraftedMetrics;
  /** What was seen of each metric, by its key. */
  readonly seen: ReadonlyMap<string, ObservedFamily>;
  /** Reasons why a family is not in the contract, by its name. */
  readonly left: ReadonlyMap<string, string>;
  /** Default metrics of prom-client were there, and are left out. */
  readonly isRuntimeLeftOut: boolean;
  readonly contract: Contract;
  /** Conventions that the names break. */
  readonly accepts: Accepts;
}

/** More are left out. */
const mostFamilies = 5_000;

const runtimeSeries = new Set(Object.values(promClientNames.metrics).map(({ series }) => series));
/** Made of the resource by whoever translates OTLP. */
const madeSeries: ReadonlySet<string> = new Set(['target_info', 'otel_scope_info']);

export function infer(observed: Observed, { name, language }: InferOptions): Inferred {
  const all = [...observed.families.values()].filter((family) => !madeSeries.has(family.name));
  const own = all.filter((family) => !runtimeSeries.has(family.name));
  const names = new Set(all.map((family) => family.name));
  const context: Context = { name: name ?? nameFor(own), constant: constantLabels(all), names, language };
  const { metrics, seen, left } = declareAll(own, context);
  const contract = contractOf(metrics, context);
  if (typeof contract === 'string') throw new Error(contract);
  return { context, metrics, seen, left, isRuntimeLeftOut: own.length < all.length, contract, accepts: acceptsOf(contract) };
}

function declareAll(all: readonly ObservedFamily[], context: Context) {
  const drafts: (readonly [key: string, draft: DraftedMetric])[] = [];
  const seen = new Map<string, ObservedFamily>();
  const left = new Map<string, string>();
  const instruments = new Set<string>();
  for (const family of all) {
    if (drafts.length === mostFamilies) {
      left.set(family.name, `a draft has at most ${mostFamilies} metrics`);
      continue;
    }
    const key = keyFor(family, context.name, seen);
    const draft = declareFamily(family, key, context, instruments);
    if (typeof draft === 'string') left.set(family.name, draft);
    else {
      drafts.push([key, draft]);
      seen.set(key, family);
      instruments.add(instrumentKey(resolveMetric(context.name, key, draft, {}).instrument));
    }
  }
  const metrics = new Map<string, DraftedMetric>();
  const leave = (key: string, problem: string) => {
    left.set(seen.get(key)?.name ?? key, problem);
    seen.delete(key);
  };
  const again: (readonly [string, DraftedMetric])[] = [];
  fit(drafts, metrics, context, (key, problem, draft) => {
    const verbatim = asIs(draft, seen.get(key));
    if (verbatim === undefined) leave(key, problem);
    else again.push([key, verbatim]);
  });
  fit(again, metrics, context, leave);
  const inOrder = drafts.flatMap(([key]) => {
    const metric = metrics.get(key);
    return metric === undefined ? [] : [[key, metric] as const];
  });
  return { metrics: new Map(inOrder), seen, left };
}

/**
 * `wait_total` and `wait_seconds` are of one instrument's name, unless one of them is as it is. Undefined: its instrument's name
 * is known.
 */
function asIs({ kind, declaration, ...rest }: DraftedMetric, family: ObservedFamily | undefined): DraftedMetric | undefined {
  if (family === undefined || family.instrument !== undefined || declaration.verbatim === true) return undefined;
  const { instrument: _, ...others } = declaration;
  return { kind, ...rest, declaration: { ...others, series: family.name, verbatim: true } };
}

/**
 * Each is a contract alone; together they may have a name twice. Those that do not fit are found by halves, so that few of many
 * are found quickly.
 */
function fit(
  drafts: readonly (readonly [string, DraftedMetric])[],
  metrics: Map<string, DraftedMetric>,
  context: Context,
  leave: (key: string, problem: string, draft: DraftedMetric) => void,
): void {
  const [first] = drafts;
  if (first === undefined) return;
  const made = contractOf(new Map([...metrics, ...drafts]), context);
  if (typeof made !== 'string') {
    for (const [key, draft] of drafts) metrics.set(key, draft);
  } else if (drafts.length === 1) leave(first[0], made, first[1]);
  else {
    const half = drafts.length >> 1;
    fit(drafts.slice(0, half), metrics, context, leave);
    fit(drafts.slice(half), metrics, context, leave);
  }
}

function acceptsOf(contract: Contract): Accepts {
  const found = new Map<string, string[]>();
  for (const { series, id } of lint(contract)) found.set(series, [...(found.get(series) ?? []), id]);
  return Object.fromEntries(found);
}
