import type { ProcessorFactory } from '../../component.ts';
import { batchSchema } from './config.ts';
import { createBatch } from './create.ts';

/** Taken, so that a Collector's file runs; what it is given it hands on at once. */
export const batchProcessor: ProcessorFactory = Object.freeze({
  kind: 'processor',
  type: 'batch',
  schema: batchSchema,
  create: createBatch,
});
