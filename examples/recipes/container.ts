/** A service in a container: one port for its users, one for Prometheus, and an end on SIGTERM that loses nothing. */
import { createServer } from 'node:http';
import { bridge, metrics } from './metrics.ts';

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/orders') {
    metrics.orders.inc({ payment: 'card' });
    response.writeHead(201).end();
  } else {
    response.writeHead(request.url === '/healthz' ? 200 : 404).end();
  }
});

// A container's loopback is its own, so a scraper outside needs 0.0.0.0, which takes `public: true`. Do not publish this port to
// the internet.
const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '0.0.0.0:9464', { public: true });
server.listen(Number(process.env.PORT ?? 3000), () => console.log(`its metrics: ${url}`));

process.once('SIGTERM', () => {
  server.close(() => bridge.close());
});
