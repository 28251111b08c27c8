/** A program that ends by SIGTERM as the pages say: `alone`; with a server of its own; or with one that its handler forgets. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contract, counter, meterbridge } from '../../../src/index.ts';

const kind = process.argv[2];
const bridge = meterbridge(contract('jobs', { done: counter({ unit: '{job}', help: 'Jobs done.' }) }));
await bridge.listen('127.0.0.1:0');
const server = createServer((_, response) => response.end('done'));
if (kind !== 'alone') await once(server.listen(0, '127.0.0.1'), 'listening');

if (kind === 'server') {
  process.once('SIGTERM', () => {
    server.close();
    void bridge.close();
  });
} else {
  process.once('SIGTERM', () => bridge.close());
}
bridge.metrics.done.add(3);
process.send?.((server.address() as AddressInfo | null)?.port ?? 0);
// Its parent's messages keep it running no longer.
process.channel?.unref();
