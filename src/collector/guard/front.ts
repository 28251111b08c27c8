/** What stands before a listener whose requests have no body: TLS. */
import { createServer, type Server, type ServerOptions } from 'node:http';
import type { WebConfigServer } from '../../web-config/index.ts';
import type { Listener } from '../../web-config/request-checks.ts';
import { createTlsServer } from '../../web-config/tls-server.ts';
import type { Given } from '../component.ts';
import { watchServerTls } from './server-tls.ts';
import type { ServerTlsSettings } from './tls-keys.ts';

export interface FrontSettings {
  readonly tls?: ServerTlsSettings | undefined;
}

/**
 * @param at the component's place in the configuration
 * @throws COLLECTOR_CONFIG_INVALID with all that is wrong with the files
 */
export function createFront(settings: FrontSettings, at: string, given: Given): WebConfigServer {
  const tls = settings.tls && watchServerTls(settings.tls, { at: `${at}.tls`, log: given.log });
  let cut = () => {};
  return Object.freeze({
    scheme: tls === undefined ? 'http' : 'https',
    createServer(options: ServerOptions, listener: Listener): Server {
      if (tls === undefined) {
        const server = createServer(options, listener);
        cut = () => server.closeAllConnections();
        return server;
      }
      const secure = createTlsServer(tls, options, listener);
      cut = secure.cut;
      return secure.server;
    },
    cut: () => cut(),
    close: () => {},
  });
}
