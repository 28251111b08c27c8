/** Pushes of a program's size over real HTTP: what they cost the process that pushes. */
import { PerformanceObserver } from 'node:perf_hooks';
import { type BenchCase, type Round, Skip } from '../bench-case.ts';
import { type Push, type PushAsked, pushers, startReceiver } from '../http/pushers.ts';

const pushes = { quick: 50, full: 200 };
/** Series of a round's pushes at full size, about. */
const fullSeries = 100_000;
/** A day of one a minute. */
const day = 1_440;

const sizes: readonly BenchCase[] = [40, 200, 2_000].flatMap((series) =>
  (['none', 'gzip'] as const).map((compression): BenchCase => {
    return {
      suite: 'push',
      name: `push-${series}${compression === 'gzip' ? '-gzip' : ''}`,
      what: `a push of ${series} counter series over HTTP, all changed, ${compression === 'gzip' ? 'gzip' : 'not compressed'}`,
      contenders: ['meterbridge', 'otel-sdk'],
      rounds: 9,
      quickRounds: 9,
      async prepare(contender, quick): Promise<Round> {
        const push = await pusherOf(contender, { series, compression });
        const times = quick ? pushes.quick : Math.min(pushes.full, fullSeries / series);
        await repeated(push, times * 4);
        return async () => {
          globalThis.gc?.();
          const before = process.cpuUsage();
          await repeated(push, times);
          const { user, system } = process.cpuUsage(before);
          return { 'CPU µs': (user + system) / times };
        };
      },
    };
  }),
);

export const overHttp: readonly BenchCase[] = [
  ...sizes,
  {
    suite: 'push',
    name: 'back-to-back',
    what: '1,440 pushes of 200 series back to back; `constant`: bare `node:http` posts a body of that length',
    contenders: ['meterbridge', 'constant', 'otel-sdk'],
    rounds: 5,
    quickRounds: 2,
    async prepare(contender): Promise<Round> {
      const push = await pusherOf(contender, { series: 200, compression: 'none' });
      await repeated(push, 500);
      return async () => {
        globalThis.gc?.();
        const full = fullCollections();
        await repeated(push, day);
        return { 'full collections': await full() };
      };
    },
  },
];

async function pusherOf(contender: string, asked: Omit<PushAsked, 'endpoint'>): Promise<Push> {
  const make = pushers[contender];
  if (make === undefined) throw new Skip(`${contender} does not push`);
  return make({ ...asked, endpoint: await startReceiver() });
}

async function repeated(push: Push, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await push();
}

const major = 4;

/** Collections of the whole heap from now to the call. */
function fullCollections(): () => Promise<number> {
  const from = performance.now();
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as { readonly detail?: { readonly kind: number } }).detail ?? {};
      if (entry.startTime >= from && kind === major) count += 1;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return async () => {
    // The observer hears of them in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 20));
    observer.disconnect();
    return count;
  };
}
