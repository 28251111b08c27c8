/** What it takes to put a million rows into the order of their labels. */
import { setTimeout as sleep } from 'node:timers/promises';
import { contract, gauge, identity, meterbridge, type RequestFacts } from '../../src/index.ts';
import { type BenchCase, type Round, Skip, type Values } from '../bench-case.ts';
import { loadContender } from '../contenders/index.ts';
import { watchLoop } from '../watch-loop.ts';

/** Meterbridge sorts families of up to 10,000 rows. */
const families = { quick: 10, full: 100 };
const rows = 10_000;
/** Per family, between two scrapes. */
const turnover = 10;
const settleMs = 300;
const leastLineBytes = 15;
/** Coprime to the rows, so that they come in no order. */
const stride = 7_919;
/** The largest that the options take. */
const unlimited = 2 ** 31 - 1;

const request: RequestFacts = {
  method: 'GET',
  path: '/metrics',
  query: new URLSearchParams(),
  header: () => undefined,
  peer: '127.0.0.1',
};

/** Renders once, and says how many bytes that made. `renew` replaces some rows of each family. */
interface Sortable {
  render(): Promise<number>;
  renew(): void;
}

export const sorted: BenchCase = {
  suite: 'stall',
  name: 'sorted-1m',
  what: `the first scrape of ${families.full} families of ${rows.toLocaleString('en-US')} sorted rows (quick: ${families.quick}), and one after ${turnover} of each have changed; unsorted: as many rows of one family`,
  contenders: ['meterbridge', 'unsorted'],
  rounds: 3,
  quickRounds: 2,
  fresh: true,
  async prepare(contender, quick): Promise<Round> {
    const count = families[quick ? 'quick' : 'full'];
    const page = contender === 'unsorted' ? await inOneFamily(count * rows) : inFamilies(count);
    return async () => {
      const first = await watched(page, count * rows);
      page.renew();
      const next = await watched(page, count * rows);
      return {
        ...first,
        ...Object.fromEntries(Object.entries(next).map(([unit, figure]) => [`${unit} after turnover`, figure])),
      };
    };
  },
};

async function watched(page: Sortable, lines: number): Promise<Values> {
  globalThis.gc?.();
  await sleep(settleMs);
  const longest = watchLoop();
  const from = performance.now();
  const before = process.threadCpuUsage();
  const bytes = await page.render();
  const { user, system } = process.threadCpuUsage(before);
  const ms = performance.now() - from;
  if (bytes < lines * leastLineBytes) throw new Error(`BUG: ${bytes} bytes cannot be ${lines} lines`);
  const stall = longest();
  return { ms, 'CPU ms': (user + system) / 1_000, 'ms longest stall': stall.ms, 'CPU ms longest stall': stall.cpuMs };
}

function inFamilies(count: number): Sortable {
  const one = () => gauge({ help: 'Value.', labels: { item: identity({ limit: rows }) } });
  const declared = contract('bench', Object.fromEntries(Array.from({ length: count }, (_, at) => [`value${at}`, one()])));
  const bridge = meterbridge(declared, {
    env: {},
    isolated: true,
    push: false,
    log: () => {},
    scrape: { maxBytes: unlimited, deadlineMs: 600_000 },
  });
  const recorders = Object.values(bridge.metrics);
  const item = (row: number): string => `item-${(row * stride) % rows}`;
  for (const recorder of recorders) for (let row = 0; row < rows; row++) recorder.set(row, { item: item(row) });
  return {
    async render() {
      const { body, sent } = await bridge.scrape(request);
      const bytes = body.byteLength;
      sent?.();
      return bytes;
    },
    renew() {
      for (const recorder of recorders) {
        for (let row = 0; row < turnover; row++) {
          recorder.remove({ item: item(row) });
          recorder.set(row, { item: `new-${row}` });
        }
      }
    },
  };
}

async function inOneFamily(count: number): Promise<Sortable> {
  const page = (await loadContender('meterbridge')).gaugePage?.(count);
  if (page === undefined) throw new Skip('Meterbridge has no gauges');
  page.change(0);
  return { render: page.render, renew: () => page.change(1) };
}
