import type { ProcessorFactory } from '../../component.ts';
import { type ResourceSettings, resourceSchema } from './config.ts';
import { createResource } from './create.ts';

export const resourceProcessor: ProcessorFactory<ResourceSettings> = Object.freeze({
  kind: 'processor',
  type: 'resource',
  schema: resourceSchema,
  create: createResource,
});
