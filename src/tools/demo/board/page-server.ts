/** Serves the page on loopback, from the demonstration's process: it goes on while the shop's event loop is blocked. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BoardText } from './board-text.ts';
import { contentSecurityPolicy, page } from './page.ts';

export interface PageOptions {
  /** 0: any. */
  readonly port: number;
  board(): BoardText;
  /** False: the event loop is blocked already. */
  block(): boolean;
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

type Answer = readonly [status: number, type: string, body: string, allow?: string];

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
const plain = 'text/plain; charset=utf-8';

export async function servePage({ port, board, block }: PageOptions): Promise<PageServer> {
  const server = createServer((request, response) => send(response, answer(request)));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${bound}`, `localhost:${bound}`];

  function answer({ method = '', url, headers: { host = '', origin } }: IncomingMessage): Answer {
    // A name that leads here, e.g. by a rebound DNS entry, is no name of this page.
    if (!hosts.includes(host)) return [421, plain, `This page is at http://${hosts[0]}.\n`];
    if (url === '/block') {
      if (method !== 'POST') return [405, plain, 'Use POST.\n', 'POST'];
      // Browsers send it with every POST, so another site cannot press the button.
      if (origin !== `http://${host}`) return [403, plain, 'Only the page’s own button blocks the event loop.\n'];
      return block()
        ? [202, plain, 'The event loop is blocked for 10 s.\n']
        : [409, plain, 'The event loop is blocked already.\n'];
    }
    if (method !== 'GET' && method !== 'HEAD') return [405, plain, 'Use GET.\n', 'GET, HEAD'];
    if (url === '/board') return [200, 'application/json', JSON.stringify(board())];
    return url === '/' ? [200, 'text/html; charset=utf-8', page] : [404, plain, 'Not found.\n'];
  }
  return {
    url: `http://127.0.0.1:${bound}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, [status, type, body, allow]: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': type, ...(allow !== undefined && { allow }) }).end(body);
}
