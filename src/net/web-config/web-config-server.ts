/** A server with a web configuration, which sets up connections, and checks requests before the server's handler. */
import { createServer, type Server, type ServerOptions } from 'node:http';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { missingThread, threadUrl } from '../../core/node/thread-url.ts';
import { createRequestChecks, type Listener, type RequestCheckOptions } from './request-checks.ts';
import { createTlsServer, type TlsServer } from './tls-server.ts';
import { type WatchOptions, watchWebConfig } from './watch.ts';

export interface WebConfigServer {
  readonly scheme: 'http' | 'https';
  /** The server that runs the checks. */
  createServer(options: ServerOptions, listener: Listener): Server;
  /** Ends every connection at once. */
  cut(): void;
  /** Stops background work. */
  close(): void;
}

/** @throws WEB_CONFIG_INVALID with everything that is wrong in the file */
export function openWebConfigServer(path: string, options: WatchOptions & Omit<RequestCheckOptions, 'current'>): WebConfigServer {
  const { first, current } = watchWebConfig(path, options);
  if (first.users.size > 0) checkThread(path, options.threadFile);
  const checks = createRequestChecks({ ...options, current });
  let tlsServer: TlsServer | undefined;
  let server: Server | undefined;
  return Object.freeze({
    scheme: first.tls === undefined ? 'http' : 'https',
    createServer(settings: ServerOptions, listener: Listener) {
      const before = checks.before(listener);
      if (first.tls === undefined) server = createServer(settings, before);
      else {
        tlsServer = createTlsServer(() => current()?.tls, settings, before);
        server = tlsServer.server;
      }
      return server;
    },
    cut() {
      if (tlsServer === undefined) server?.closeAllConnections();
      else tlsServer.cut();
    },
    close: checks.close,
  });
}

/** Passwords are checked in a thread. */
function checkThread(path: string, threadFile: string | URL | undefined): void {
  const at = `${path} basic_auth_users`;
  if (process.permission?.has('worker') === false) {
    const rule = 'passwords are checked in a thread, which this process may not start';
    const fix = 'start Node.js with --allow-worker, or leave basic_auth_users out';
    throw new MeterbridgeError('WEB_CONFIG_INVALID', [{ at, got: 'users', rule, fix }]);
  }
  if (threadUrl(threadFile) === undefined)
    throw new MeterbridgeError('WEB_CONFIG_INVALID', [{ at, got: 'users', ...missingThread }]);
}
