/** Whether a scope or metric of a batch is a node's, by the parts of its key and without putting a key together. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt, scopeAt } from '../../../formats/otlp/batch/batch-index.ts';
import { keyStart } from './node-key.ts';
import type { NodeTable } from './node-table.ts';
import type { KnownMetric, KnownScope, Node } from './nodes.ts';

/** Whether the range in the `column` of the index is the `length` bytes of a key from `offset` on. */
function sameRange(
  table: NodeTable,
  { number }: Node,
  offset: number,
  length: number,
  { view, index }: Batch,
  column: number,
): boolean {
  const from = index[column] as number;
  return (index[column + 1] as number) - from === length && table.has(number, offset, view, from, length);
}

export function isScope(table: NodeTable, scope: KnownScope, batch: Batch, at: number): boolean {
  const { number, scopeLength } = scope;
  const url = keyStart.scope + scopeLength;
  return (
    sameRange(table, scope, keyStart.scope, scopeLength, batch, at + scopeAt.from) &&
    sameRange(table, scope, url, table.keyLength(number) - url, batch, at + scopeAt.schemaUrlFrom)
  );
}

export function isMetric(table: NodeTable, metric: KnownMetric, batch: Batch, at: number): boolean {
  const { index } = batch;
  const { number, nameLength, unitLength } = metric;
  const unit = keyStart.metric + nameLength;
  const metadata = unit + unitLength;
  return (
    index[at + metricAt.type] === metric.typeNumber &&
    index[at + metricAt.temporality] === metric.temporality &&
    index[at + metricAt.monotonic] === metric.monotonic &&
    sameRange(table, metric, keyStart.metric, nameLength, batch, at + metricAt.nameFrom) &&
    sameRange(table, metric, unit, unitLength, batch, at + metricAt.unitFrom) &&
    sameRange(table, metric, metadata, table.keyLength(number) - metadata, batch, at + metricAt.metadataFrom)
  );
}
