import type { ExtensionFactory } from '../../component.ts';
import { needsOf } from '../../guard/auth.ts';
import { type ZpagesSettings, zpagesSchema } from './config.ts';
import { createZpages } from './create.ts';

/** Serves a page of what flows through the service. */
export const zpagesExtension: ExtensionFactory<ZpagesSettings> = Object.freeze({
  kind: 'extension',
  type: 'zpages',
  schema: zpagesSchema,
  create: createZpages,
  listens: ({ endpoint }: ZpagesSettings) => [{ key: 'endpoint', address: endpoint }],
  needs: ({ auth }: ZpagesSettings) => needsOf(auth),
});
