import type { ProcessorFactory } from '../../component.ts';
import { type MemoryLimiterSettings, memoryLimiterSchema } from './config.ts';
import { createMemoryLimiter } from './create.ts';

export const memoryLimiterProcessor: ProcessorFactory<MemoryLimiterSettings> = Object.freeze({
  kind: 'processor',
  type: 'memory_limiter',
  schema: memoryLimiterSchema,
  create: createMemoryLimiter,
});
