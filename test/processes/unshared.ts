/** A worker of a cluster that listens without the option: the primary receives what it logs. */
import cluster from 'node:cluster';
import { contract, counter, meterbridge } from '../../src/index.ts';

if (cluster.isPrimary) {
  cluster.fork().on('message', (lines) => {
    console.log(JSON.stringify(lines));
    process.exit(0);
  });
} else {
  const lines: string[] = [];
  const bridge = meterbridge(contract('c', { seen: counter({ help: 'Seen.' }) }), { env: {}, log: (line) => lines.push(line) });
  await bridge.listen('127.0.0.1:0');
  process.send?.(lines);
}
