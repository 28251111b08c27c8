import type { ExtensionFactory } from '../../component.ts';
import { type BearertokenauthSettings, bearertokenauthSchema } from './config.ts';
import { createBearertokenauth } from './create.ts';

/** Tokens, for servers and for clients. */
export const bearertokenauthExtension: ExtensionFactory<BearertokenauthSettings> = Object.freeze({
  kind: 'extension',
  type: 'bearertokenauth',
  schema: bearertokenauthSchema,
  create: createBearertokenauth,
  offers: () => ['serverAuth', 'clientAuth'] as const,
});
