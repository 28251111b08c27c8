import type { ExporterFactory } from '../../component.ts';
import { nopSchema } from './config.ts';
import { createNop } from './create.ts';

/** Takes what it is given and drops it. */
export const nopExporter: ExporterFactory = Object.freeze({
  kind: 'exporter',
  type: 'nop',
  schema: nopSchema,
  create: createNop,
  takesUnbatched: true,
});
