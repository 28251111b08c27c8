import type { ProcessorFactory } from '../../component.ts';
import { type AttributesSettings, attributesSchema } from './config.ts';
import { createAttributes } from './create.ts';

/** Without `readsApart`: what it hands on apart may be more than it remembers, and then it has to write the batch anew, from the batch as it came. */
export const attributesProcessor: ProcessorFactory<AttributesSettings> = Object.freeze({
  kind: 'processor',
  type: 'attributes',
  schema: attributesSchema,
  create: createAttributes,
});
