import type { ExtensionFactory, Offer } from '../../component.ts';
import { type BasicauthSettings, basicauthSchema } from './config.ts';
import { createBasicauth } from './create.ts';

/** Names and passwords, for servers or for clients. */
export const basicauthExtension: ExtensionFactory<BasicauthSettings> = Object.freeze({
  kind: 'extension',
  type: 'basicauth',
  schema: basicauthSchema,
  create: createBasicauth,
  offers: ({ htpasswd }: BasicauthSettings): readonly Offer[] => [htpasswd === undefined ? 'clientAuth' : 'serverAuth'],
});
