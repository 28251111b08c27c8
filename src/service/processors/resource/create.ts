/** The processor `resource`: changes the attributes of resources. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import type { Exporter, ProcessorContext } from '../../component.ts';
import { compileActions } from '../actions/compile.ts';
import { changeResources } from '../rewrite/change-attributes.ts';
import { createMemos } from '../rewrite/memos.ts';
import type { ResourceSettings } from './config.ts';

export function createResource({ attributes }: ResourceSettings, { next, memory }: ProcessorContext): Exporter {
  const memos = createMemos(memory);
  const change = changeResources(memos, compileActions(attributes));
  return Object.freeze({
    async start() {},
    async shutdown() {
      memos.end();
    },
    consume: (batch: Batch) => next(change(batch)),
  });
}
