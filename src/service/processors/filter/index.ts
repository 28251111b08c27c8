import type { ProcessorFactory } from '../../component.ts';
import { type FilterSettings, filterSchema } from './config.ts';
import { createFilter } from './create.ts';

export const filterProcessor: ProcessorFactory<FilterSettings> = Object.freeze({
  kind: 'processor',
  type: 'filter',
  schema: filterSchema,
  create: createFilter,
});
