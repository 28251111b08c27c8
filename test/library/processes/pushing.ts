/** A process of the tests: counts, and pushes as it closes. `argv`: the directory, the endpoint. */
import { contract, counter, meterbridge } from '../../../src/index.ts';

const [processes = '', endpoint = ''] = process.argv.slice(2);
const push = { endpoint, protocol: 'http/json', intervalMs: 60_000 } as const;
const bridge = meterbridge(contract('shop', { orders: counter({ help: 'Orders.' }) }), {
  processes,
  push,
  env: {},
  log: () => {},
});
bridge.metrics.orders.add(5);
await bridge.close();
