/**
 * A cluster of four workers, which its parent directs: `argv[2]` is the directory, `argv[3]` is `loads` where the primary has a
 * bridge too. Each worker counts under its own name, in chunks, and reports what it has counted after each.
 */
import cluster, { type Worker } from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contract, counter, identity, meterbridge, nodeListener } from '../../../src/index.ts';

/** To the primary, which passes it on to the worker of that name. */
export type Order =
  | { readonly start: string }
  | { readonly count: string; readonly times: number }
  | { readonly run: string }
  | { readonly stop: string }
  | { readonly kill: string; readonly how: 'SIGTERM' | 'SIGKILL' };

/** From a worker. `url`: it listens. `counted`: so far. `ended`: with its last word. */
export interface Report {
  readonly name: string;
  readonly url?: string;
  readonly counted?: number;
  readonly stopped?: boolean;
  readonly ended?: boolean;
}

/** What a worker counts at a time, and how often. */
export const chunk = 50;
const chunkEveryMs = 10;

const directory = process.argv[2] as string;
const shop = contract('shop', { orders: counter({ help: 'Orders.', labels: { by: identity({ limit: 1_000 }) } }) });
const open = () => meterbridge(shop, { processes: directory, env: {}, log: () => {} });

async function lead(): Promise<void> {
  const workers = new Map<string, Worker>();
  const send = (report: Report) => process.send?.(report);
  if (process.argv[3] === 'loads') {
    const { url } = await open().listen('127.0.0.1:0');
    send({ name: 'primary', url });
  }
  function start(name: string): void {
    const worker = cluster.fork({ NAME: name });
    workers.set(name, worker);
    worker.on('message', send);
    // All that it sent has arrived then.
    worker.process.on('close', () => send({ name, ended: true }));
  }
  process.on('message', (order: Order) => {
    if ('start' in order) start(order.start);
    else if ('kill' in order) workers.get(order.kill)?.process.kill(order.how);
    else workers.get('count' in order ? order.count : 'run' in order ? order.run : order.stop)?.send(order);
  });
}

function work(): void {
  const name = process.env.NAME as string;
  const bridge = open();
  const report = (more: Partial<Report>) => process.send?.({ name, ...more } satisfies Report);
  const { orders } = bridge.metrics;
  let counted = 0;
  let running: NodeJS.Timeout | undefined;

  function count(times: number): void {
    for (let time = 0; time < times; time++) orders.add(1, { by: name });
    counted += times;
    report({ counted });
  }
  process.on('message', (order: Order) => {
    if ('count' in order) count(order.times);
    else if ('run' in order) running = setInterval(count, chunkEveryMs, chunk);
    else {
      clearInterval(running);
      report({ stopped: true });
    }
  });
  const server = createServer(nodeListener(bridge.scrape));
  server.listen(0, '127.0.0.1', () => report({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` }));
  process.once('SIGTERM', async () => {
    clearInterval(running);
    await bridge.close();
    process.exit(0);
  });
}

if (cluster.isPrimary) await lead();
else work();
