/**
 * A short process of the tests, or a short thread: counts, and ends in the same turn as its bridge is made, before it can have
 * joined the others.
 */
import { workerData } from 'node:worker_threads';
import { contract, counter, gauge, histogram, meterbridge } from '../../../src/index.ts';

/** `nothing`: it exits, and has counted nothing. `told`: it exits by SIGTERM, after it has joined and said so. */
export type Ending = 'exit' | 'throw' | 'return' | 'close' | 'nothing' | 'told';

export const jobs = contract('jobs', {
  done: counter({ unit: '{job}', help: 'Jobs done.' }),
  read: counter({ observed: true, unit: 'By', help: 'Bytes read.' }),
  running: gauge({ help: 'Running.' }),
  seconds: histogram({ unit: 's', help: 'Seconds.', bounds: [1, 5] }),
});

export const each = 100;

/** The last two arguments: the directory, and how to end. */
const [processes, how] = (workerData ?? process.argv.slice(-2)) as [string, Ending];
if (import.meta.main || workerData !== null) run();

function run(): void {
  const bridge = meterbridge(jobs, { processes, env: {}, log: (line) => process.stderr.write(`${line}\n`) });
  const { done, running, seconds, read } = bridge.metrics;
  if (how === 'nothing') process.exit(0);
  done.add(each);
  running.set(1);
  seconds.record(2);
  read.observe(() => each);
  if (how === 'exit') process.exit(0);
  if (how === 'throw') throw new Error('as the test asks');
  if (how === 'close') void bridge.close();
  if (how !== 'told') return;
  process.once('SIGTERM', () => process.exit(0));
  void bridge
    .listen('127.0.0.1:0')
    .then(({ url }) => fetch(url))
    .then(() => process.send?.('joined'));
}
