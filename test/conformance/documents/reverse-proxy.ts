/** A reverse proxy on this machine, as operators put one before a host: it sends its client's address on, which a test says. */
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface ReverseProxy {
  /** The client that it names, e.g. `203.0.113.9`. */
  readonly client: string;
  /** With them it speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** `http://127.0.0.1:PORT`, or `https://…`; ends with the test. */
export async function startReverseProxy(t: TestContext, to: string, { client, tls }: ReverseProxy): Promise<string> {
  function pass(request: IncomingMessage, response: ServerResponse): void {
    const headers = { ...request.headers, 'x-forwarded-for': client };
    const onward = send(new URL(request.url ?? '/', to), { method: request.method, headers }, (received) => {
      response.writeHead(received.statusCode ?? 502, received.headers);
      received.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
  const server = tls === undefined ? createServer(pass) : createTlsServer(tls, pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
