/** A worker thread that counts as it is asked to. `workerData` is what `processes` is. */
import { parentPort, workerData } from 'node:worker_threads';
import { contract, counter, gauge, meterbridge } from '../../../src/index.ts';

export const shop = contract('shop', { orders: counter({ help: 'Orders.' }), open: gauge({ help: 'Open.' }) });

if (parentPort !== null && workerData?.processes !== undefined) {
  const bridge = meterbridge(shop, { processes: workerData.processes, env: {}, log: () => {} });
  // Joins: a scrape of its own shows what it counts.
  await bridge.listen('127.0.0.1:0');
  bridge.metrics.open.set(1);
  parentPort.on('message', async (message: number | 'close' | 'exit') => {
    if (message === 'close') {
      await bridge.close();
      parentPort?.close();
    } else if (message === 'exit') process.exit(0);
    else {
      bridge.metrics.orders.add(message);
      parentPort?.postMessage('counted');
    }
  });
  parentPort.postMessage('ready');
}
