import type { ProcessorFactory } from '../../component.ts';
import { type AttributesSettings, attributesSchema } from './config.ts';
import { createAttributes } from './create.ts';

export const attributesProcessor: ProcessorFactory<AttributesSettings> = Object.freeze({
  kind: 'processor',
  type: 'attributes',
  schema: attributesSchema,
  create: createAttributes,
});
