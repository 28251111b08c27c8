/** `worker_threads`: the main thread shows what its threads have counted, also those that have ended. */
import { randomBytes, scryptSync } from 'node:crypto';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { contract, counter, histogram, meterbridge } from 'meterbridge';

const passwords = contract('passwords', {
  hashed: counter({ unit: '{password}', help: 'Passwords hashed.' }),
  hashDuration: histogram({ unit: 's', help: 'Time to hash a password.' }),
});
const bridge = meterbridge(passwords, { processes: 'all' });

/** In place of a password: the thread is to end. */
const end = '';

async function lead() {
  // After meterbridge(), so that `all` means this program to them.
  const threads = Array.from({ length: 4 }, () => new Worker(new URL(import.meta.url)));
  const { url } = await bridge.listen(process.env.METRICS_ADDRESS ?? '127.0.0.1:9464');
  console.log(`its metrics: ${url}`);
  const work = setInterval(() => {
    for (const thread of threads) thread.postMessage(randomBytes(12).toString('hex'));
  }, 1_000);
  process.once('SIGTERM', async () => {
    clearInterval(work);
    for (const thread of threads) thread.postMessage(end);
    await Promise.all(threads.map((thread) => once(thread, 'exit')));
    await bridge.close();
  });
}

function hashPasswords() {
  parentPort?.on('message', async (password: string) => {
    if (password !== end) {
      const stop = bridge.metrics.hashDuration.startTimer();
      scryptSync(password, randomBytes(16), 64);
      stop();
      bridge.metrics.hashed.inc();
    } else {
      // The thread's totals stay with the others; terminate() would lose what it has counted since the last scrape.
      await bridge.close();
      parentPort?.close();
    }
  });
}

if (isMainThread) lead();
else hashPasswords();
