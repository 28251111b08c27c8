/** A program whose loop is blocked until something arrives at its file descriptor 3, for `blocked.test.ts`. */
import { readSync } from 'node:fs';
import { contract, counter, gauge, meterbridge } from '../../../src/index.ts';

const demo = contract('demo', {
  runs: counter({ help: 'Runs.' }),
  memoryUsed: gauge({ observed: true, unit: 'By', help: 'Memory used.' }),
});
const bridge = meterbridge(demo, { push: false, selfMetrics: true, log: () => {} });
bridge.metrics.runs.add(3);
bridge.metrics.memoryUsed.observe(() => 42);
const listener = await bridge.listen('127.0.0.1:0', { thread: true });
process.stdout.write(`${listener.url}\n`);

process.stdin.once('data', () => {
  process.stdout.write('blocked\n');
  readSync(3, Buffer.alloc(1));
  process.stdout.write('free\n');
  process.stdin.once('data', async () => {
    process.stdin.pause();
    await bridge.close();
    process.stdout.write('closed\n');
  });
});
