/** `node:cluster`: four workers share a port, and whichever is scraped shows the sum of all. */
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contract, counter, meterbridge, nodeListener } from 'meterbridge';

const shop = contract('shop', { orders: counter({ unit: '{order}', help: 'Orders taken.' }) });

function lead() {
  let ending = false;
  for (let started = 0; started < 4; started++) cluster.fork();
  cluster.on('exit', () => {
    if (!ending) cluster.fork();
  });
  process.once('SIGTERM', () => {
    ending = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  });
}

function work() {
  const bridge = meterbridge(shop, { processes: 'all' });
  const scrape = nodeListener(bridge.scrape);
  const server = createServer((request, response) => {
    if (request.url === '/metrics') return scrape(request, response);
    bridge.metrics.orders.inc();
    response.writeHead(201).end();
  });
  server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(`the API: http://127.0.0.1:${port}\nits metrics: http://127.0.0.1:${port}/metrics`);
  });
  // The worker's totals stay with the others.
  process.once('SIGTERM', () => server.close(() => bridge.close().then(() => process.disconnect())));
}

if (cluster.isPrimary) lead();
else work();
