import type { ExporterFactory } from '../../component.ts';
import { type DebugSettings, debugSchema } from './config.ts';
import { createDebug } from './create.ts';

/** Writes every batch as text: the Collector's debug exporter. */
export const debugExporter: ExporterFactory<DebugSettings> = Object.freeze({
  kind: 'exporter',
  type: 'debug',
  schema: debugSchema,
  create: createDebug,
});
