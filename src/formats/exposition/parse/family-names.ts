/** The names that a family takes: its own, and those of its samples. */
import type { Kind } from '../../../core/naming/kind.ts';
import type { TextFormat } from '../format.ts';
import { detached } from './detached.ts';
import { type Fault, faultOf } from './parsed.ts';

const openMetricsSuffixes: Partial<Record<Kind, readonly string[]>> = {
  counter: ['_total', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  histogram: ['_count', '_sum', '_bucket', '_created'],
  gaugehistogram: ['_gcount', '_gsum', '_bucket'],
  info: ['_info'],
};
const textSuffixes: Partial<Record<Kind, readonly string[]>> = {
  summary: ['', '_count', '_sum'],
  histogram: ['_count', '_sum', '_bucket'],
};

/** More are not compared, and a finding says so. */
const mostFamilies = 100_000;

export interface FamilyNames {
  /** What a sample's name has behind the family's. */
  suffixesOf(kind: Kind | undefined): readonly string[];
  /** Returns a fault where one of its names is another family's. */
  claim(family: string, kind: Kind | undefined): Fault | undefined;
}

export function createFamilyNames(format: TextFormat): FamilyNames {
  const suffixes = format === 'openmetrics' ? openMetricsSuffixes : textSuffixes;
  const suffixesOf = (kind: Kind | undefined): readonly string[] => suffixes[kind ?? 'unknown'] ?? bare;
  /** The family of each name, for all families that are closed. */
  const owners = new Map<string, string>();
  let families = 0;

  return {
    suffixesOf,
    claim(name, kind) {
      families++;
      if (families === mostFamilies) return faultOf('limit-families', 1, name);
      if (families > mostFamilies) return undefined;
      const family = detached(name);
      for (const suffix of suffixesOf(kind)) {
        const fault = take(family + suffix, family);
        if (fault !== undefined) return fault;
      }
      return suffixesOf(kind).includes('') ? undefined : take(family, family);
    },
  };

  function take(name: string, family: string): Fault | undefined {
    const owner = owners.get(name);
    if (owner !== undefined) return taken(name, owner, family);
    owners.set(name, family);
    return undefined;
  }
}

const bare: readonly string[] = [''];

function taken(name: string, owner: string, family: string): Fault {
  if (owner === family) return faultOf('family-apart', 1, family);
  return faultOf('family-name', 1, family, { rule: `the name ${name} belongs to the family ${owner} already` });
}
