/** The keys of the extension `zpages`. */
import { address, flag, type Infer, section, withoutEffect } from '../../../core/config/schema/index.ts';
import { checkTransport } from '../../../net/listen/transport.ts';
import { httpServerKeys } from '../../http-server-keys.ts';

const usualAddress = 'localhost:55679';

export const zpagesSchema = section(
  {
    endpoint: address({ default: usualAddress, orPath: true }),
    expvar: withoutEffect(section({ enabled: flag({ default: false }) }), 'a program in Node.js has no such variables'),
    ...httpServerKeys,
  },
  checkTransport(usualAddress),
);

export type ZpagesSettings = Infer<typeof zpagesSchema>;
