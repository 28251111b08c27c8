/** What metrics of the runtime cost: a second of an idle process, a busy one, and a scrape. */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { type BenchCase, type Round, Skip } from '../bench-case.ts';

const request = { method: 'GET', path: '/metrics', query: new URLSearchParams(), header: () => undefined, peer: '127.0.0.1' };

/** Starts the metrics. Returns what a scrape of them alone is. */
type Start = () => Promise<() => Promise<unknown>>;

const starts: Readonly<Record<string, Start>> = {
  meterbridge: () => bridge('semconv'),
  'meterbridge-same-names': () => bridge('prom-client'),
  async 'prom-client'() {
    const { collectDefaultMetrics, Registry } = (await import('prom-client')).default;
    const register = new Registry();
    collectDefaultMetrics({ register });
    return () => register.metrics();
  },
  empty: async () => async () => {},
};

async function bridge(names: 'semconv' | 'prom-client') {
  const { contract, meterbridge } = await import('../../src/index.ts');
  const { runtimeMetrics } = await import('../../src/runtime-metrics.ts');
  const opened = meterbridge(contract('bench', {}), { env: {}, isolated: true, push: false });
  runtimeMetrics(opened, { names });
  return async () => {
    const { status, sent } = await opened.scrape(request);
    if (status !== 200) throw new Error(`BUG: the scrape answered ${status}`);
    sent?.();
  };
}

const idleMs = { quick: 1_000, full: 3_000 };
const turns = { quick: 20_000, full: 100_000 };
const allocated = 500;
const scrapes = { quick: 300, full: 1_500 };

type Size = 'quick' | 'full';

/** What a round does; it returns by what its processor time is divided. */
const works: Readonly<
  Record<
    string,
    { readonly what: string; readonly unit: string; work(scrape: () => Promise<unknown>, size: Size): Promise<number> }
  >
> = {
  idle: {
    what: 'a process that does nothing, processor time a second',
    unit: 'CPU µs/s',
    async work(_, size) {
      await sleep(idleMs[size]);
      return idleMs[size] / 1_000;
    },
  },
  busy: {
    what: 'turns of the event loop that each allocate 4 kB, which garbage collections take away',
    unit: 'CPU µs/turn',
    async work(_, size) {
      for (let done = 0; done < turns[size]; done++) {
        kept = Array.from({ length: allocated }, () => done);
        await turn();
      }
      return turns[size];
    },
  },
  scrape: {
    what: 'a scrape of the runtime metrics alone, as text, without a server',
    unit: 'CPU µs/scrape',
    async work(scrape, size) {
      for (let done = 0; done < scrapes[size]; done++) await scrape();
      return scrapes[size];
    },
  },
};

/** So that no work is left out. */
let kept: readonly number[] = [];

export const cases: readonly BenchCase[] = Object.entries(works).map(([name, { what, unit, work }]) => ({
  suite: 'runtime',
  name: `runtime-${name}`,
  what,
  contenders: Object.keys(starts).filter((contender) => name !== 'scrape' || contender !== 'empty'),
  rounds: 15,
  quickRounds: 5,
  async prepare(contender, quick): Promise<Round> {
    const start = starts[contender];
    if (start === undefined) throw new Skip(`${contender} is unknown here`);
    const scrape = await start();
    const size = quick ? 'quick' : 'full';
    await work(scrape, 'quick');
    return async () => {
      globalThis.gc?.();
      const before = process.cpuUsage();
      const times = await work(scrape, size);
      const { user, system } = process.cpuUsage(before);
      if (kept.length > allocated) throw new Error('BUG: more is kept than a turn makes');
      return { [unit]: (user + system) / times };
    };
  },
}));
