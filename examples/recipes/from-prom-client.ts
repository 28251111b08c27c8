/** An app on prom-client that moves: its registry is served beside the contract that takes its metrics over, one by one. */
import { capped, contract, counter, meterbridge } from 'meterbridge';
import { fromPromClient } from 'meterbridge/prom-client';
import { Counter, collectDefaultMetrics, Histogram, register } from 'prom-client';

// This part is as it was.
collectDefaultMetrics();
const cacheHits = new Counter({ name: 'cacheHits', help: 'Hits of the cache.' });
const wait = new Histogram({ name: 'wait_seconds', help: 'Time in the queue.', labelNames: ['queue'], buckets: [0.1, 1] });
cacheHits.inc(2);
wait.observe({ queue: 'mail' }, 0.25);

// This metric has moved, under the name that it had.
const shop = contract('shop', {
  orders: counter({ series: 'orders_total', help: 'Orders taken.', labels: { payment: capped({ limit: 10 }) } }),
});
const bridge = meterbridge(shop);
fromPromClient(bridge, register);
bridge.metrics.orders.inc({ payment: 'card' });

const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
console.log(`its metrics: ${url}`);
process.once('SIGTERM', () => bridge.close()); // a server of your own keeps the program running: close it here, too
