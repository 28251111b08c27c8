/** Replaces a contract by its edited version (hot reload): what is declared alike goes on, the rest is reset or gone. */
import { isSameMetric } from '../../core/contract/equal.ts';
import type { Contract, Metric } from '../../core/contract/metric.ts';
import { endObserved } from './observed/observers.ts';
import { type Registered, type RegisterOptions, registerContract } from './register.ts';

export interface Replaced {
  readonly registered: Registered;
  /** The series names of metrics whose values are gone, because they are declared differently or not at all. */
  readonly ended: readonly string[];
}

/** The recorders of ended metrics ignore what the earlier module still records. */
export function replaceContract(former: Registered, contract: Contract, options: RegisterOptions): Replaced {
  const declared = new Map(Object.values(contract.metrics).map((metric) => [metric.instrument, metric]));
  const isSameAge = former.contract.maxAgeMs === contract.maxAgeMs;
  const isKept = ([instrument, { metric }]: readonly [string, { readonly metric: Metric }]): boolean => {
    const again = declared.get(instrument);
    return again !== undefined && isSameMetric(metric, again) && (isSameAge || !metric.observed);
  };
  const [recorded, observed] = [split(former.recorded, isKept), split(former.observed, isKept)];
  for (const one of recorded.rest) one.close();
  for (const one of observed.rest) endObserved(one);
  const ended = [...recorded.rest, ...observed.rest];
  for (const { family } of ended) family.end();
  const kept = { source: former.source, recorded: recorded.kept, observed: observed.kept };
  return { registered: registerContract(contract, options, kept), ended: ended.map(({ metric }) => metric.series) };
}

function split<T>(all: ReadonlyMap<string, T>, isKept: (entry: readonly [string, T]) => boolean) {
  const entries = [...all];
  return { kept: new Map(entries.filter(isKept)), rest: entries.filter((entry) => !isKept(entry)).map(([, one]) => one) };
}
