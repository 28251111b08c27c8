import type { ExtensionFactory } from '../../component.ts';
import { type FileStorageSettings, fileStorageSchema } from './config.ts';
import { createFileStorage } from './create.ts';

/** Keeps on disk what components have not delivered yet. */
export const fileStorageExtension: ExtensionFactory<FileStorageSettings> = Object.freeze({
  kind: 'extension',
  type: 'file_storage',
  schema: fileStorageSchema,
  create: createFileStorage,
  offers: () => ['storage'] as const,
});
