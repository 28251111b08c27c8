/** A worker of a cluster whose metrics are read without the option: the primary receives what it logs. */
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { contract, counter, meterbridge, nodeListener } from '../../../src/index.ts';

/** On a listener, on a server of the program's own, or on both. */
const [, , how] = process.argv;
if (cluster.isPrimary) {
  cluster.setupPrimary({ args: [how ?? ''] });
  cluster.fork().on('message', (lines) => {
    console.log(JSON.stringify(lines));
    process.exit(0);
  });
} else {
  const lines: string[] = [];
  const bridge = meterbridge(contract('c', { seen: counter({ help: 'Seen.' }) }), { env: {}, log: (line) => lines.push(line) });
  const urls: string[] = [];
  if (how !== 'mounted') urls.push((await bridge.listen('127.0.0.1:0')).url);
  if (how !== 'listener') {
    const server = createServer(nodeListener(bridge.scrape)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    urls.push(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
  }
  for (const url of [...urls, ...urls]) await (await fetch(url)).text();
  process.send?.(lines);
}
