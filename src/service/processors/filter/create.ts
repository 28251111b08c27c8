/** The processor `filter`: drops resources and metrics. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { Exporter, ProcessorContext } from '../../component.ts';
import { matchAttributes, matchNames } from '../match/match.ts';
import { createDrop } from '../rewrite/drop.ts';
import { createMemos } from '../rewrite/memos.ts';
import type { FilterSettings } from './config.ts';

type Test<T> = ((value: T) => boolean) | undefined;

export function createFilter(
  { metrics: { include, exclude } }: FilterSettings,
  { next, memory, filtered }: ProcessorContext,
): Exporter {
  const memos = createMemos(memory);
  const drop = createDrop(memos, {
    resource: kept(
      include && matchAttributes(include.match_type, include.resource_attributes),
      exclude && matchAttributes(exclude.match_type, exclude.resource_attributes),
    ),
    metric: kept(
      include && matchNames(include.match_type, include.metric_names),
      exclude && matchNames(exclude.match_type, exclude.metric_names),
    ),
  });
  return Object.freeze({
    async start() {},
    async shutdown() {
      memos.end();
    },
    consume(batch: Batch) {
      if (drop === undefined) return next(batch);
      const left = drop(batch);
      filtered(batch.points - (left?.points ?? 0));
      // What was dropped counts as accepted: the sender has nothing to correct.
      return left === undefined ? undefined : next(left);
    },
  });
}

/** Undefined where there is no rule. */
function kept<T>(included: Test<T>, excluded: Test<T>): Test<T> {
  if (included === undefined && excluded === undefined) return undefined;
  return (value) => included?.(value) !== false && excluded?.(value) !== true;
}
