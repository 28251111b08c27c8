/**
 * The labels of exemplars as they are written: the ids first, and behind them each other one that still fits once its name is.
 */
import { codePoints, ExemplarRoom, exemplarIds, type Pair } from '../../../core/naming/index.ts';
import type { RowLayout, StoredExemplar } from '../../../core/store/index.ts';
import { createLabeller } from './lines/labels.ts';
import type { NameRules } from './name-rules.ts';

export type ExemplarLabels = (exemplar: StoredExemplar) => readonly Pair[];

/** Labels have the names that those of a gauge would have. */
const none = {
  source: { scope: { name: '' } },
  spec: { name: '', kind: 'gauge', unit: '', help: '', labels: [], maxAgeMs: 0 },
} as const;

/** No name is in quotes. */
export function createExemplarLabels(rules: NameRules): ExemplarLabels {
  const labeller = createLabeller(none, rules.unquoted ?? rules);
  const room = new ExemplarRoom();

  function others({ traceId, spanId }: StoredExemplar, labels: readonly Pair[]): readonly Pair[] {
    const { pairs } = labeller.textOf({ names: labels.map(([name]) => name), values: labels.map(([, value]) => value) });
    room.begin(traceId !== undefined, spanId !== undefined);
    return pairs.filter(([name, value]) => room.takes(name, codePoints(value)));
  }

  return (exemplar) => {
    const ids: Pair[] = [];
    if (exemplar.traceId !== undefined) ids.push([exemplarIds.trace, exemplar.traceId]);
    if (exemplar.spanId !== undefined) ids.push([exemplarIds.span, exemplar.spanId]);
    return exemplar.labels === undefined ? ids : [...ids, ...others(exemplar, exemplar.labels)];
  };
}

/**
 * Bytes of the labels at most that a row's exemplars have beside their ids, each with `around` beside its name and value. A byte
 * may be escaped by so many, and a label takes four where it is kept.
 */
export function mostLabelBytes({ exemplarText }: RowLayout, around: number, escaped: number): number {
  return escaped * exemplarText + (exemplarText / 4) * around;
}
