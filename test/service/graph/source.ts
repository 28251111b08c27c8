/** A receiver of the type `source`, whose pipelines take what a test hands them. */
import { section } from '../../../src/core/config/schema/index.ts';
import type { Batch } from '../../../src/formats/otlp/batch/batch.ts';
import type { Consume, ReceiverFactory } from '../../../src/service/component.ts';

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
