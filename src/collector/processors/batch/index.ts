import type { ProcessorFactory } from '../../component.ts';
import { type BatchSettings, batchSchema } from './config.ts';
import { createBatch } from './create.ts';

/** Puts batches together. */
export const batchProcessor: ProcessorFactory<BatchSettings> = Object.freeze({
  kind: 'processor',
  type: 'batch',
  schema: batchSchema,
  create: createBatch,
});
