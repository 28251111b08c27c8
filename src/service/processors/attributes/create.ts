/** The processor `attributes`: changes the attributes of points. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { Exporter, ProcessorContext } from '../../component.ts';
import { compileActions } from '../actions/compile.ts';
import { matchNames } from '../match/match.ts';
import { changePoints } from '../rewrite/change-attributes.ts';
import { createMemos } from '../rewrite/memos.ts';
import { nameTest } from '../rewrite/name-test.ts';
import type { AttributesSettings } from './config.ts';

export function createAttributes(
  { include, exclude, actions }: AttributesSettings,
  { next, memory }: ProcessorContext,
): Exporter {
  const memos = createMemos(memory);
  const included = include && matchNames(include.match_type, include.metric_names);
  const excluded = exclude && matchNames(exclude.match_type, exclude.metric_names);
  const isNamed = nameTest(memos, (name) => included?.(name) !== false && excluded?.(name) !== true);
  const change = changePoints(memos, compileActions(actions), isNamed);
  return Object.freeze({
    async start() {},
    async shutdown() {
      memos.end();
    },
    consume: (batch: Batch) => next(change(batch)),
  });
}
