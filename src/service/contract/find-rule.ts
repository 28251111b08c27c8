import { beginsAs } from '../../core/contract/fits.ts';
import type { Contract } from '../../core/contract/index.ts';
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { metricAt, metricType, scopeAt } from '../../formats/otlp/batch/batch-index.ts';
import { stringIn } from '../../formats/otlp/wire/read-message.ts';
import type { Memos } from '../processors/rewrite/memos.ts';
import type { Broken } from './broken.ts';
import type { Rule } from './rules.ts';

/** What the metric `m` of the scope `s` is held to. Undefined: it is none of the contract's. */
export type FindRule = (batch: Batch, s: number, m: number) => Rule | undefined;

const unknownName: Broken = Object.freeze({ reason: 'unknown_name', what: 'it has no metric of that name' });
const unknown: Rule = Object.freeze({ metric: () => unknownName, point: undefined });

export function createFindRule(contract: Contract, rules: ReadonlyMap<string, Rule>, memos: Memos): FindRule {
  const names = [...rules.keys()];
  const ordered = [undefined, unknown, ...rules.values()];
  const isOwn = beginsAs(contract);
  // The index of its rule.
  const places = memos.create((bytes) => {
    const name = stringIn(bytes, 0, bytes.length);
    const known = names.indexOf(name);
    const rule = known >= 0 ? known + 2 : isOwn(name) ? 1 : 0;
    return Uint8Array.of(rule & 255, rule >> 8);
  });
  const ownScopes = memos.create((bytes) => Uint8Array.of(stringIn(bytes, 0, bytes.length) === contract.name ? 1 : 0));

  return ({ view, index }, s, m) => {
    if (index[m + metricAt.type] === metricType.none) return undefined;
    places.find(view, index[m + metricAt.nameFrom] as number, index[m + metricAt.nameTo] as number);
    const rule = (places.bytes[places.from] as number) + (places.bytes[places.from + 1] as number) * 256;
    if (rule !== 0) return ordered[rule];
    return ownScopes.flag(view, index[s + scopeAt.nameFrom] as number, index[s + scopeAt.nameTo] as number) ? unknown : undefined;
  };
}
