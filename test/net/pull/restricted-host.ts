/**
 * A program that opens its listener, reads it and closes it, for `restricted.test.ts`. Its argument is the options of `listen` as
 * JSON.
 */
import { contract, counter, gauge, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';

const demo = contract('demo', { runs: counter({ help: 'Runs.' }), memoryUsed: gauge({ observed: true, help: 'Memory.' }) });
const bridge = meterbridge(demo, { push: false, log: () => {} });
bridge.metrics.runs.add(3);
bridge.metrics.memoryUsed.observe(() => 42);
const { address = '127.0.0.1:0', ...options } = JSON.parse(process.argv[2] ?? '{}');
const { url } = await bridge.listen(address, options);
const authorization = `Basic ${btoa('alice:right')}`;
let [status, page] = [0, ''];
// On a busy machine a host may not be heard in time by its listener's thread, which then knows no observed value yet.
await until('heard', async () => {
  const response = await fetch(url, { headers: { authorization, 'accept-encoding': 'gzip' } });
  [status, page] = [response.status, await response.text()];
  return status !== 200 || page.includes('demo_memory_used ');
});
process.stdout.write(`${status}\n${page}`);
await bridge.close();
