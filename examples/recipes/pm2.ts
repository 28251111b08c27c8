/** What PM2 starts several times: the processes share a port, and whichever is scraped shows the sum of all. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contract, counter, meterbridge, nodeListener } from 'meterbridge';

const shop = contract('shop', { orders: counter({ unit: '{order}', help: 'Orders taken.' }) });
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
  // With `wait_ready`, PM2 ends the earlier process of a reload only now.
  process.send?.('ready');
});

// How PM2 ends a process; its totals stay with the others.
process.once('SIGINT', async () => {
  server.close();
  await bridge.close();
  process.exit();
});
