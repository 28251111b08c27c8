/** `worker_threads`: each thread records into its own bridge, and the main thread's scrape shows the sum of all. */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { contract, counter, meterbridge, oneOf } from 'meterbridge';

const images = contract('images', {
  resized: counter({ unit: '{image}', help: 'Images resized.', labels: { outcome: oneOf('done', 'failed') } }),
});

// Threads of the same script as the program. For another one, give all of them the same directory.
const bridge = meterbridge(images, { processes: 'all' });

async function lead() {
  const threads = Array.from({ length: 4 }, () => new Worker(import.meta.filename));
  const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
  console.log(`its metrics: ${url}`);
  for (const [at, thread] of threads.entries()) thread.postMessage({ images: at + 1 });
  process.once('SIGTERM', async () => {
    for (const thread of threads) thread.postMessage('end');
    await Promise.all(threads.map((thread) => once(thread, 'exit')));
    await bridge.close();
  });
}

function work() {
  parentPort?.on('message', async (message: { readonly images: number } | 'end') => {
    if (message !== 'end') bridge.metrics.resized.add(message.images, { outcome: 'done' });
    else {
      // What it counted stays with the others.
      await bridge.close();
      parentPort?.close();
    }
  });
}

if (isMainThread) await lead();
else work();
