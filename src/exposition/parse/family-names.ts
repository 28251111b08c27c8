/** The names that a family takes: its own, and those of its samples. */
import type { Kind } from '../../naming/kind.ts';
import type { TextFormat } from '../format.ts';
import type { OpenFamily } from './check-points.ts';
import type { Fault } from './parsed.ts';

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

export interface FamilyNames {
  /** What a sample's name has behind the family's. */
  suffixesOf(kind: Kind | undefined): readonly string[];
  /** Returns a fault where one of its names is another family's. */
  claim(family: OpenFamily): Fault | undefined;
}

export function createFamilyNames(format: TextFormat): FamilyNames {
  const suffixes = format === 'openmetrics' ? openMetricsSuffixes : textSuffixes;
  const suffixesOf = (kind: Kind | undefined): readonly string[] => suffixes[kind ?? 'unknown'] ?? [''];
  /** The family of each name, for all families that are closed. */
  const owners = new Map<string, string>();

  return {
    suffixesOf,
    claim(family) {
      for (const suffix of new Set([...suffixesOf(family.kind), ''])) {
        const name = family.name + suffix;
        const owner = owners.get(name);
        if (owner !== undefined) return taken(name, owner, family.name);
        owners.set(name, family.name);
      }
      return undefined;
    },
  };
}

function taken(name: string, owner: string, family: string): Fault {
  const again = owner === family;
  return {
    column: 1,
    rule: again ? 'the lines of a family are together' : `the name ${name} belongs to the family ${owner} already`,
    got: family,
    fix: again ? 'move them next to the others' : 'rename one of the families',
  };
}
