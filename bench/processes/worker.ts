/**
 * A worker of the suite `processes`: records, and says what CPU time it took. Its contender is the first argument, the number of
 * its series the second.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { labelSets, methods } from '../http/program.ts';
import type { Message, Reply } from './workers.ts';

/** 4,000 values a second. */
const recordMs = 10;
const valuesATick = 40;

const [contender = '', series = '', directory = ''] = process.argv.slice(2);
const sets = labelSets(Number(series));

/** Counts one request of a series. The URL is of where all workers are shown; the primary serves prom-client's. */
interface Worker {
  readonly url?: string;
  readonly count: (series: number) => void;
}

const start: Readonly<Record<string, () => Promise<Worker>>> = {
  async meterbridge() {
    const { contract, counter, identity, meterbridge, oneOf } = await import('../../src/index.ts');
    const labels = { method: oneOf(...methods), route: identity({ limit: sets.length }) };
    const shop = contract('shop', { requests: counter({ help: 'Requests.', labels, zeroFilled: false }) });
    const processes = join(directory, 'all');
    mkdirSync(processes, { recursive: true, mode: 0o700 });
    const bridge = meterbridge(shop, { env: {}, push: false, processes, log: () => {} });
    const count = (at: number) => bridge.metrics.requests.add(1, sets[at] as (typeof sets)[number]);
    return { url: (await bridge.listen('127.0.0.1:0')).url, count };
  },
  async 'prom-client'() {
    const { Counter, AggregatorRegistry } = await import('prom-client');
    // In a worker, it answers the primary.
    new AggregatorRegistry();
    const requests = new Counter({ name: 'shop_requests_total', help: 'Requests.', labelNames: ['method', 'route'] });
    return { count: (at) => requests.inc(sets[at] as (typeof sets)[number]) };
  },
};

const { url, count } = await (start[contender] as () => Promise<Worker>)();
for (const at of sets.keys()) count(at);

let next = 0;
let recording: NodeJS.Timeout | undefined;

process.on('message', (message: Message) => {
  clearInterval(recording);
  if (message === 'record') {
    recording = setInterval(() => {
      for (let value = 0; value < valuesATick; value++) count(next++ % sets.length);
    }, recordMs);
  } else if (message === 'collect') globalThis.gc?.();
  reply();
});

function reply(): void {
  const { user, system } = process.cpuUsage();
  process.send?.({ url, cpu: user + system } satisfies Reply);
}

reply();
