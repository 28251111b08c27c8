/** The servers on which a host's endpoint can stand, each on a real socket. */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import type { Place } from './answers.ts';
import type { Bind } from './axes.ts';

/** One host with its metrics, and how it puts them on a server. */
export interface Daemon {
  mount(app: FastifyInstance): Promise<unknown>;
  /** Answers everything that comes to a server of `node:http`. */
  onNode?(): RequestListener;
  /** Opens the dedicated listener, and says on which port. */
  onListener?(address: string, thread: boolean): Promise<number>;
  /** How often its callbacks have run; absent: it has none. */
  readonly collected?: () => number;
  /** How many refusals it was told of; absent: it refuses nobody. */
  readonly refused?: () => number;
  close(): Promise<unknown>;
}

export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

export async function serve(daemon: Daemon, place: Place, bind: Bind): Promise<Served> {
  if (place === 'Fastify') {
    const app = fastify({ forceCloseConnections: true });
    app.get('/health', { exposeHeadRoute: false }, async () => 'ok');
    await daemon.mount(app);
    await app.listen({ host: bind, port: 0 });
    return { port: portOf(app.server.address()), close: async () => void (await Promise.all([app.close(), daemon.close()])) };
  }
  if (place === 'node:http') {
    const server = createServer(daemon.onNode?.());
    await new Promise<void>((resolve) => server.listen(0, bind, resolve));
    return {
      port: portOf(server.address()),
      async close() {
        server.close();
        server.closeAllConnections();
        await daemon.close();
      },
    };
  }
  const port = await daemon.onListener?.(bind === '::' ? '[::]:0' : `${bind}:0`, place === 'the dedicated listener in a thread');
  return { port: port as number, close: async () => void (await daemon.close()) };
}

function portOf(address: AddressInfo | string | null): number {
  return (address as AddressInfo).port;
}

/** What a server of the host's own says of a path that it does not know. */
export function nothingHere(_request: unknown, response: ServerResponse): void {
  response.writeHead(404, { 'x-host': 'ours', 'content-length': '12' }).end('nothing here');
}

/** The metrics under `/metrics`, with or without a query. */
export function routed(metrics: RequestListener): RequestListener {
  return (request, response) => (/^\/metrics(\?|$)/.test(request.url ?? '') ? metrics : nothingHere)(request, response);
}
