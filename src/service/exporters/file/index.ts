import type { ExporterFactory } from '../../component.ts';
import { type FileSettings, fileSchema } from './config.ts';
import { createFile } from './create.ts';

/** Writes every batch to a file: the Collector's file exporter. */
export const fileExporter: ExporterFactory<FileSettings> = Object.freeze({
  kind: 'exporter',
  type: 'file',
  schema: fileSchema,
  create: createFile,
  files: ({ path }: FileSettings) => [path],
});
