/** A receiver of the type `source`, whose pipelines take what a test hands them. */
import type { Consume, ReceiverFactory } from '../../../src/collector/component.ts';
import { section } from '../../../src/config/schema/index.ts';
import type { Batch } from '../../../src/otlp/batch/batch.ts';

export interface Source {
  readonly factory: ReceiverFactory;
  send(batch: Batch): ReturnType<Consume>;
}

export function source(): Source {
  let next: Consume | undefined;
  const factory: ReceiverFactory = {
    kind: 'receiver',
    type: 'source',
    schema: section({}),
    create(_, context) {
      next = context.next;
      return { async start() {}, async shutdown() {} };
    },
  };
  return { factory, send: (batch) => next?.(batch) };
}
