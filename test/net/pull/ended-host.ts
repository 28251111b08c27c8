/** A program that lives for its listener alone, whose thread ends once; for `restart.test.ts`. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { contract, counter, meterbridge } from '../../../src/index.ts';

const threads: Worker[] = [];
process.on('worker', (worker) => void threads.push(worker));
const bridge = meterbridge(contract('demo', { runs: counter({ help: 'Runs.' }) }), { push: false, log: () => {} });
const { url } = await bridge.listen('127.0.0.1:0', { thread: true });

async function served(): Promise<void> {
  const { status } = await fetch(url, { headers: { connection: 'close' } });
  process.stdout.write(status === 200 ? 'served\n' : `${status}\n`);
}

await served();
const [thread] = threads as [Worker];
// Nothing else keeps the process: no promise is waited for from here on.
thread.once('exit', () => {
  process.once('worker', async (next: Worker) => {
    await once(next, 'message');
    await served();
    await bridge.close();
    process.stdout.write('closed\n');
  });
});
void thread.terminate();
