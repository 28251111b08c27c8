/** A program that opens its listener, reads it once and closes it, for `restricted.test.ts`. Its argument is the options of `listen` as JSON. */
import { contract, counter, gauge, meterbridge } from '../../src/index.ts';

const demo = contract('demo', { runs: counter({ help: 'Runs.' }), memoryUsed: gauge({ observed: true, help: 'Memory.' }) });
const bridge = meterbridge(demo, { push: false, log: () => {} });
bridge.metrics.runs.add(3);
bridge.metrics.memoryUsed.observe(() => 42);
const { address = '127.0.0.1:0', ...options } = JSON.parse(process.argv[2] ?? '{}');
const { url } = await bridge.listen(address, options);
const authorization = `Basic ${btoa('alice:right')}`;
const response = await fetch(url, { headers: { authorization, 'accept-encoding': 'gzip' } });
process.stdout.write(`${response.status}\n${await response.text()}`);
await bridge.close();
