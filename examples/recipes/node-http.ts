/** `node:http` without a framework: the server itself answers at `/metrics`. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeListener } from 'meterbridge';
import { answered, bridge, metrics } from './metrics.ts';

const scrape = nodeListener(bridge.scrape);

/** The template of the route that answered. */
function answer(request: IncomingMessage, response: ServerResponse): string | undefined {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'POST' && pathname === '/orders') {
    metrics.orders.inc({ payment: 'card' });
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":1}');
    return '/orders';
  }
  const [, id] = /^\/orders\/(\w+)$/.exec(pathname) ?? [];
  if (request.method === 'GET' && id !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id }));
    return '/orders/:id';
  }
  response.writeHead(404).end();
  return undefined;
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') return scrape(request, response);
  const began = performance.now();
  const route = answer(request, response);
  response.once('finish', () => {
    metrics.requestDuration.record((performance.now() - began) / 1_000, answered(request.method ?? '', route, response.statusCode));
  });
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`the API: http://127.0.0.1:${port}\nits metrics: http://127.0.0.1:${port}/metrics`);
});

process.once('SIGTERM', () => {
  server.close(() => bridge.close());
});
