/** `node:http` without a framework: the server itself answers at `/metrics`. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeListener } from 'meterbridge';
import { bridge, http, metrics } from './metrics.ts';

const scrape = nodeListener(bridge.scrape);

/** The template of a request's route. */
function route({ method, url = '/' }: IncomingMessage): string | undefined {
  const { pathname } = new URL(url, 'http://localhost');
  if (method === 'POST' && pathname === '/orders') return '/orders';
  return method === 'GET' && /^\/orders\/\w+$/.test(pathname) ? '/orders/:id' : undefined;
}

const answer = http.listener((request, response) => {
  switch (route(request)) {
    case '/orders':
      metrics.orders.inc({ payment: 'card' });
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":1}');
      break;
    case '/orders/:id':
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: request.url?.split('/')[2] }));
      break;
    default:
      response.writeHead(404).end();
  }
}, route);

const server = createServer((request, response) => (request.url === '/metrics' ? scrape : answer)(request, response));

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`the API: http://127.0.0.1:${port}\nits metrics: http://127.0.0.1:${port}/metrics`);
});

process.once('SIGTERM', () => {
  server.close(() => bridge.close());
});
