/** Recording rules that break, and what reads what they record. */
import type { Impact } from '../../diff/change.ts';
import type { Entry } from './finding.ts';

/** How an expression depends on a recording rule that breaks. */
export interface Chain {
  /**
   * Names that are recorded: what the expression reads, what that reads, …, what breaks. Of a long chain, `…` stands for those in
   * the middle.
   */
  readonly records: readonly string[];
  readonly impact: Exclude<Impact, 'safe'>;
  /** Whether the last one is rewritten: then it records what it did. */
  readonly rewritable: boolean;
}

/**
 * The shortest chain of each expression that has one; of those that are not put right first. Each name is followed once, so
 * cycles end.
 */
export function dependents(entries: readonly Entry[]): ReadonlyMap<Entry, Chain> {
  const readers = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const name of entry.judged.names) {
      const known = readers.get(name);
      if (known === undefined) readers.set(name, [entry]);
      else known.push(entry);
    }
  }
  const broken = entries.filter(({ used, judged }) => used.record !== undefined && judged.breakages.length > 0);
  const chains = new Map<Entry, Chain>();
  for (const rewritable of [false, true]) {
    const roots = broken.filter(({ judged }) => (judged.reasons.length === 0) === rewritable);
    const seen = new Set<string>();
    let left: (readonly [string, Chain])[] = roots.map((entry) => {
      const impact = entry.judged.breakages.some((breakage) => breakage.impact === 'breaking') ? 'breaking' : 'risky';
      const name = entry.used.record ?? '';
      return [name, { records: [name], impact, rewritable }];
    });
    while (left.length > 0) {
      const next: (readonly [string, Chain])[] = [];
      for (const [name, chain] of left) {
        if (seen.has(name)) continue;
        seen.add(name);
        for (const reader of readers.get(name) ?? []) {
          if (reader.used.record === name) continue;
          if (!chains.has(reader)) chains.set(reader, chain);
          const { record } = reader.used;
          if (record !== undefined && !seen.has(record))
            next.push([record, { ...chain, records: longer(record, chain.records) }]);
        }
      }
      left = next;
    }
  }
  return chains;
}

const mostRecords = 20;

function longer(record: string, records: readonly string[]): readonly string[] {
  if (records.length < mostRecords) return [record, ...records];
  return [record, ...records.slice(0, mostRecords - 3), '…', ...records.slice(-1)];
}
