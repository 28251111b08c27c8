/** A program whose thread is given `all`. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';
import { shop } from './thread.ts';
import { valuesOf } from './values-of.ts';

const bridge = meterbridge(shop, { processes: 'all', env: {}, log: () => {} });
// At once: nothing of the bridge's directory is there yet.
const worker = new Worker(join(import.meta.dirname, 'thread.ts'), { workerData: { processes: 'all' } });
await once(worker, 'message');
bridge.metrics.orders.add(1);
worker.postMessage(10);
await once(worker, 'message');
const { url } = await bridge.listen('127.0.0.1:0');
let orders = 0;
await until('all are shown', async () => {
  orders = (await valuesOf(await fetch(url))).shop_orders_total as number;
  return orders >= 11;
});
console.log(JSON.stringify({ orders }));
process.exit();
