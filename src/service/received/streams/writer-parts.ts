/** What writing points needs, and the steps that every way of writing one has in common. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import type { TellReceived } from '../events.ts';
import type { Form } from '../forms/form.ts';
import type { Applied } from '../kept/applied.ts';
import type { RefusedReason } from '../memory.ts';
import type { Shape } from '../resources/groups.ts';
import type { KnownMetric } from '../resources/nodes.ts';
import type { ResourceTree } from '../resources/resource-tree.ts';
import type { SilentSeries } from '../silent/silent-series.ts';
import { ignore, type ReceivedTally } from '../tally.ts';
import type { Joined } from './joined.ts';
import { type ReceivedSeries, seriesWord } from './received-series.ts';
import type { RowOwners } from './row-owners.ts';
import type { StreamTable } from './stream-table.ts';

export interface WriterParts {
  readonly streams: StreamTable;
  readonly series: ReceivedSeries;
  readonly joined: Joined;
  readonly silent: SilentSeries;
  readonly tree: ResourceTree;
  readonly owners: RowOwners;
  readonly tally: ReceivedTally;
  readonly applied: Applied;
  readonly tell: TellReceived;
  /** A point is rejected: there is no memory for its row. */
  readonly refuse: (reason: RefusedReason, metric: KnownMetric) => void;
  readonly drop: (reason: Form['dropped'], metric: KnownMetric) => void;
  /** A delta is not added up. */
  readonly refuseDelta: (reason: 'older' | 'overlap', metric: KnownMetric) => void;
}

/** An older state is known already; an older change is not. */
export function ignoreLate(parts: WriterParts, metric: KnownMetric, reason: 'older' | 'overlap'): void {
  if (metric.rule === 'delta') parts.refuseDelta(reason, metric);
  else ignore(parts.tally, reason);
}

/** What is in the series' row is the metric's resource's. */
export function ownRow({ series: table, owners }: WriterParts, { scope }: KnownMetric, series: number): void {
  owners.set(table.shapeOf(series).family, table.word(series, seriesWord.row), scope.resource);
}

/** What a row has beside its value. @param at of its first cell @param timeMs of the point */
export function finishRow(
  { tally }: WriterParts,
  batch: Batch,
  point: number,
  shape: Shape,
  form: Form,
  at: number,
  timeMs: number,
): void {
  const { layout, family } = shape;
  if (layout.timestamp !== undefined) family.cells[at + layout.timestamp] = timeMs;
  if (shape.exemplars && batch.index[point + pointAt.exemplarsFrom] !== 0)
    tally.exemplarLabels += form.exemplars(batch, point, shape, family.cells, at);
}
