/** What stays in memory. */
import { mock } from 'node:test';
import { type BenchCase, offered, type Round, type Values } from '../bench-case.ts';
import { shapesOf } from '../call-sites.ts';
import { javascript, loadContender } from '../contenders/index.ts';

/** Before time is mocked. */
const { setTimeout } = globalThis;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const lines = { quick: 100_000, full: 1_000_000 };
const pushes = { quick: 2_000, full: 100_000 };
/** The SDK's leak would fill the heap. */
const leakingPushes = { quick: 1_000, full: 10_000 };
/** Until caches and compiled code have their size. */
const warmUpPushes = 2_000;

export const cases: readonly BenchCase[] = [
  {
    suite: 'memory',
    name: 'per-line-1m',
    what: 'memory a line after two scrapes of 1,000,000 gauge lines of two labels, two minutes later and at once (quick: 100,000)',
    contenders: javascript,
    rounds: 3,
    quickRounds: 1,
    fresh: true,
    async prepare(contender, quick): Promise<Round> {
      const count = lines[quick ? 'quick' : 'full'];
      const loaded = await loadContender(contender);
      // Code and buffers that any number of series needs.
      const small = offered(loaded.gaugePage?.(100), contender, 'gauges');
      small.change(0);
      await small.render();
      return async () => {
        const before = await settled();
        // Two minutes without a scrape pass at once.
        mock.timers.enable({ apis: ['setTimeout'] });
        const page = offered(loaded.gaugePage?.(count), contender, 'gauges');
        for (let round = 0; round < 2; round++) {
          page.change(round);
          await page.render();
        }
        const scraped = await settled();
        mock.timers.tick(120_000);
        mock.timers.reset();
        const after = await settled();
        page.change(2);
        return { ...per(count, before, after, 'B/line'), 'B/line between scrapes': (scraped.live - before.live) / count };
      };
    },
  },
  {
    suite: 'memory',
    name: 'idle-reader',
    what: 'growth over 100,000 pushes of 30 counters without a scrape (OTel SDK: over 10,000)',
    contenders: ['meterbridge', 'meterbridge-sdk', 'otel-sdk'],
    rounds: 1,
    quickRounds: 1,
    fresh: true,
    async prepare(contender, quick): Promise<Round> {
      const pusher = offered((await loadContender(contender)).pusher?.(shapesOf([10, 10])), contender, 'push');
      const count = (contender === 'otel-sdk' ? leakingPushes : pushes)[quick ? 'quick' : 'full'];
      let round = 0;
      async function push(times: number): Promise<void> {
        for (const end = round + times; round < end; round++) {
          pusher.record(round);
          await pusher.push();
        }
      }
      return async () => {
        await push(Math.max(warmUpPushes, count / 10));
        const before = await settled();
        await push(count);
        return per(count, before, await settled(), 'kB/1000 pushes');
      };
    },
  },
];

interface Memory {
  /** Bytes that are in use: heap and buffers, shared ones included. */
  readonly live: number;
  /** Bytes that the operating system has given, what V8 keeps for later included. */
  readonly resident: number;
}

/** After everything that can go has gone. */
async function settled(): Promise<Memory> {
  for (let time = 0; time < 3; time++) {
    globalThis.gc?.();
    await sleep(50);
  }
  // `arrayBuffers` has the shared ones too, which `external` lacks; what else is external does not change here.
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { live: heapUsed + arrayBuffers, resident: rss };
}

function per(count: number, before: Memory, after: Memory, unit: string): Values {
  return { [unit]: (after.live - before.live) / count, [`resident ${unit}`]: (after.resident - before.resident) / count };
}
