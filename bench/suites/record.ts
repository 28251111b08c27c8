/** What a call costs where it is made. */
import { allocatedBy } from '../allocated.ts';
import { type BenchCase, offered, type Round } from '../bench-case.ts';
import { callSites, durations, ones, shapesOf } from '../call-sites.ts';
import type { Calls, Contender, Shape } from '../contenders/contender.ts';
import { go, javascript, loadContender } from '../contenders/index.ts';

/** OpenTelemetry's default bounds for seconds, and one more: 15. */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15];

const tenByTen = shapesOf([10, 10]);
const threeLabels = shapesOf([10, 5, 2]);

/** Of the thread's own time: on a busy machine that of the clock passes before anything is compiled. */
const warmUpMs = { quick: 400, full: 1_000 };
const roundMs = { quick: 40, full: 150 };
/** Rounds of all sites between two looks at the clock. */
const chunk = 200;

interface Recording {
  readonly name: string;
  readonly what: string;
  readonly shapes: readonly Shape[];
  readonly values?: () => Float64Array;
  readonly make: (contender: Contender, shapes: readonly Shape[]) => Calls | undefined;
  readonly contenders: readonly string[];
}

const all: readonly Recording[] = [
  {
    name: 'counter-2-labels',
    what: 'a counter, 30 instruments of 30 label pairs, 100 series each, 30 call sites',
    shapes: tenByTen,
    make: (contender, shapes) => contender.counters?.(shapes),
    contenders: [...javascript, ...go, 'empty'],
  },
  {
    name: 'counter-otel-api',
    what: "the same through OpenTelemetry's API (clients without it: their own)",
    shapes: tenByTen,
    make: (contender, shapes) => contender.apiCounters?.(shapes),
    contenders: [...javascript, 'empty'],
  },
  {
    name: 'counter-open',
    what: 'a counter that no contract names, three attributes',
    shapes: threeLabels,
    make: (contender, shapes) => contender.openCounters?.(shapes),
    contenders: [...javascript, 'empty'],
  },
  {
    name: 'counter-bound',
    what: 'a counter whose series was resolved ahead',
    shapes: tenByTen,
    make: (contender, shapes) => contender.boundCounters?.(shapes),
    contenders: [...javascript, ...go, 'empty'],
  },
  {
    name: 'histogram-2-labels',
    what: 'a histogram of 15 bounds, the same 30 shapes',
    shapes: tenByTen,
    values: durations,
    make: (contender, shapes) => contender.histograms?.(shapes, bounds),
    contenders: [...javascript, ...go, 'empty'],
  },
];

export const cases: readonly BenchCase[] = all.map(({ name, what, shapes, values = ones, make, contenders }) => ({
  suite: 'record',
  name,
  what,
  contenders,
  rounds: 21,
  quickRounds: 5,
  async prepare(contender, quick): Promise<Round> {
    const size = quick ? 'quick' : 'full';
    const made = offered(make(await loadContender(contender), shapes), contender, name);
    const { run, sites } = callSites(made, shapes, values());
    warmUp(run, warmUpMs[size]);
    return () => {
      const { ms, cpuMs, times } = timed(run, roundMs[size]);
      const calls = times * sites;
      const bytesTimes = Math.ceil(times / 4);
      const bytes = allocatedBy(() => run(bytesTimes));
      return {
        'ns/op': (ms * 1e6) / calls,
        'CPU ns/op': (cpuMs * 1e6) / calls,
        'B/op': Math.round(bytes / (bytesTimes * sites)),
      };
    };
  },
}));

function warmUp(run: (times: number) => void, limitMs: number): void {
  for (const from = threadMs(); threadMs() - from < limitMs; ) run(chunk);
}

/** What this thread itself has worked, whoever else wants the processor: collections of garbage that other threads do are not in it. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e3;
}

function timed(run: (times: number) => void, limitMs: number): { ms: number; cpuMs: number; times: number } {
  let times = 0;
  let ms = 0;
  const cpuFrom = threadMs();
  for (const from = performance.now(); ms < limitMs; ms = performance.now() - from) {
    run(chunk);
    times += chunk;
  }
  return { ms, cpuMs: threadMs() - cpuFrom, times };
}
