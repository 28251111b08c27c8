import type { ProcessorFactory } from '../../component.ts';
import { type BatchSettings, batchSchema } from './config.ts';
import { createBatch } from './create.ts';

/** Puts batches together. */
export const batchProcessor: ProcessorFactory<BatchSettings> = Object.freeze({
  kind: 'processor',
  type: 'batch',
  schema: batchSchema,
  create: createBatch,
  batches: ({ timeout, send_batch_size, send_batch_max_size }: BatchSettings) => ({
    timeoutMs: timeout,
    minPoints: send_batch_size,
    maxPoints: send_batch_max_size,
  }),
});
