/** What a scrape does to its host, and a busy host to a scrape. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchCase, offered, type Round } from '../bench-case.ts';
import { listenInBusyWorker } from '../busy-worker.ts';
import type { Page } from '../contenders/contender.ts';
import { javascript, loadContender } from '../contenders/index.ts';
import { watchLoop } from '../watch-loop.ts';
import { sorted } from './sorted.ts';

/** The worker listener; every other contender answers from its host's thread. */
const threaded = 'meterbridge-thread';
const contenders = [threaded, ...javascript];
/** A worker listener without Meterbridge. */
const busy = 'busy-thread';

const series = { quick: 100_000, full: 1_000_000 };
const blockMs = { quick: 2_000, full: 10_000 };
/** A host in trouble was scraped before: its listener is compiled. */
const warmUps = 5;
/** What is scraped of a blocked host. The condition holds for the first; 60,000 are about 4 MiB. */
const blockedSeries = [
  ['blocked-10s', 10_000],
  ['blocked-10s-60k', 60_000],
  ['blocked-10s-1m', 1_000_000],
] as const;
/** Time for the request to be on its way before the host is blocked, and to be sure that it is blocked when the request comes. */
const settleMs = 100;

export const cases: readonly BenchCase[] = [
  {
    suite: 'stall',
    name: 'main-1m',
    what: "longest stall of the application's event loop while 1,000,000 series are scraped over HTTP (quick: 100,000), and the most CPU time of its thread in a turn. `busy-thread` is a worker without Meterbridge that writes as much, from as much memory",
    contenders: [...contenders, busy, 'empty'],
    rounds: 7,
    quickRounds: 2,
    async prepare(contender, quick): Promise<Round> {
      const page = await pageOf(contender, series[quick ? 'quick' : 'full']);
      const url = await served(page, contender);
      const scrape = startScraper();
      await scrape(url, 0);
      let round = 1;
      return async () => {
        page.change(round++);
        // The collection of what `change` left behind is not the scrape's, nor what V8 still has to do after it.
        globalThis.gc?.();
        await sleep(settleMs * 3);
        const longest = watchLoop();
        const { ms, bytes } = await scrape(url, 0);
        const { ms: stall, cpuMs } = longest();
        return { ms: stall, 'CPU ms': cpuMs, ...(bytes > 1_000_000 ? { 'ms/scrape': ms } : {}) };
      };
    },
  },
  ...blockedSeries.map(blockedCase),
  sorted,
];

function blockedCase([name, lines]: (typeof blockedSeries)[number], at: number): BenchCase {
  return {
    suite: 'stall',
    name,
    what: `a scrape of ${lines.toLocaleString('en-US')} series, to its last and to its first byte, while the application's event loop is blocked for 10 s (quick: 2 s)`,
    // That the others do not answer at all depends on nobody's size.
    contenders: at === 0 ? contenders : [threaded],
    rounds: 3,
    quickRounds: 2,
    fullOnly: lines > 100_000,
    async prepare(contender, quick): Promise<Round> {
      const page = await pageOf(contender, lines);
      const url = await served(page, contender);
      const scrape = startScraper();
      for (let times = 0; times < warmUps; times++) await scrape(url, 0);
      return async () => {
        // Answered by a host that is free, so that it is asked anew.
        await scrape(url, 0);
        const answer = scrape(url, settleMs);
        // The scraper has its order before the host stops.
        await new Promise((resolve) => setImmediate(resolve));
        block(blockMs[quick ? 'quick' : 'full']);
        const { ms, first } = await answer;
        return { ms, 'ms to first byte': first };
      };
    },
  };
}

async function pageOf(contender: string, lines: number): Promise<Page> {
  if (contender === busy) return { change() {}, render: async () => 0, serve: listenInBusyWorker };
  const loaded = await loadContender(contender === threaded ? 'meterbridge' : contender);
  const page = offered(loaded.gaugePage?.(lines), contender, 'gauges');
  page.change(0);
  return page;
}

function served(page: Page, contender: string): Promise<string> {
  return page.serve({ threaded: contender === threaded });
}

type Scrape = (url: string, delayMs: number) => Promise<{ first: number; ms: number; bytes: number }>;

/** Started ahead: to start a process stops a big host for some milliseconds. */
function startScraper(): Scrape {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../scraper.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (url, delayMs) => {
    child.stdin.write(`${url} ${delayMs}\n`);
    return JSON.parse((await lines.next()).value as string);
  };
}

function block(ms: number): void {
  for (const from = performance.now(); performance.now() - from < ms; );
}
