/** What a call costs where it is made. */
import { allocatedBy } from '../allocated.ts';
import { type BenchCase, offered, type Round } from '../bench-case.ts';
import { type CallOptions, type CallSites, callSites, durations, ones, shapesOf, shapesOfSet } from '../call-sites.ts';
import type { Calls, Contender, Shape } from '../contenders/contender.ts';
import { go, javascript, loadContender } from '../contenders/index.ts';
import { type LabelSet, labelSet, labelSets } from '../label-sets.ts';

/** OpenTelemetry's default bounds for seconds, and one more: 15. */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15];

/** Of the thread's own time: on a busy machine that of the clock passes before anything is compiled. */
const warmUpMs = { quick: 400, full: 700 };
const roundMs = { quick: 40, full: 60 };
/** Rounds of all sites between two looks at the clock. */
const chunk = 200;

interface Recording {
  readonly name: string;
  readonly what: string;
  readonly shapes: readonly Shape[];
  readonly options?: (() => CallOptions) | undefined;
  readonly make: (contender: Contender, shapes: readonly Shape[]) => Calls | undefined;
  readonly contenders: readonly string[];
}

const sites = '30 instruments of 30 label pairs, 30 call sites';
const clients = ['meterbridge', 'prom-client', '@prometheus-io/client', 'otel-sdk'];
/** Where those that are not compared on each set take part too. */
const widest = 'routes-100';
const everybody = ['meterbridge', 'meterbridge-sdk', ...clients.slice(1), ...go];
/** What the other roads cost is shown on one set of each sort. */
const fewSets = ['routes-100', 'codes-100', 'tenants-1000', 'tasks-100-fresh', 'uuids-1000'].map(labelSet);

function onSet(
  road: string,
  set: LabelSet,
  contenders: readonly string[],
  rest: Pick<Recording, 'what' | 'make'>,
  values = ones,
): Recording {
  return {
    name: `${road}-${set.name}`,
    what: `${rest.what}; ${set.what}`,
    shapes: shapesOfSet(set),
    options: () => ({ values: values(), zipf: set.zipf, fresh: set.fresh }),
    make: rest.make,
    contenders: [...contenders, 'empty'],
  };
}

const counters = {
  what: `a counter, ${sites}`,
  make: (contender: Contender, shapes: readonly Shape[]) => contender.counters?.(shapes),
};
const apiCounters = {
  what: "a counter through OpenTelemetry's API (clients without it: their own)",
  make: (contender: Contender, shapes: readonly Shape[]) => contender.apiCounters?.(shapes),
};
const histograms = {
  what: 'a histogram of 15 bounds',
  make: (contender: Contender, shapes: readonly Shape[]) => contender.histograms?.(shapes, bounds),
};

const all: readonly Recording[] = [
  ...labelSets.map((set) => onSet('counter', set, [...(set.name === widest ? everybody : clients), 'two-maps'], counters)),
  ...fewSets.map((set) => onSet('counter-otel-api', set, clients, apiCounters)),
  ...fewSets.map((set) =>
    onSet('histogram', set, [...(set.name === widest ? everybody : clients), 'two-maps'], histograms, durations),
  ),
  {
    name: 'counter-open',
    what: 'a counter that no contract names, three attributes',
    shapes: shapesOf([10, 5, 2]),
    make: (contender, shapes) => contender.openCounters?.(shapes),
    contenders: [...javascript, 'empty'],
  },
  {
    name: 'counter-bound',
    what: 'a counter whose series was resolved ahead',
    shapes: shapesOf([10, 10]),
    make: (contender, shapes) => contender.boundCounters?.(shapes),
    contenders: [...javascript, ...go, 'empty'],
  },
];

export const cases: readonly BenchCase[] = all.map(({ name, what, shapes, options, make, contenders }) => ({
  suite: 'record',
  name,
  what,
  contenders,
  rounds: 13,
  quickRounds: 5,
  async prepare(contender, quick): Promise<Round> {
    const size = quick ? 'quick' : 'full';
    const made = offered(make(await loadContender(contender), shapes), contender, name);
    const sites = callSites(made, shapes, options?.());
    warmUp(sites, warmUpMs[size]);
    return () => {
      const { ms, cpuMs, times } = timed(sites, roundMs[size]);
      const calls = times * sites.sites;
      const bytesTimes = Math.ceil(times / 4);
      const bytes = allocatedBy(() => sites.run(bytesTimes));
      return {
        ...(contenders.includes(go[0]) ? { 'ns/op': (ms * 1e6) / calls } : {}),
        'CPU ns/op': (cpuMs * 1e6) / calls,
        'B/op': Math.round(bytes / (bytesTimes * sites.sites)),
      };
    };
  },
}));

function warmUp(sites: CallSites, limitMs: number): void {
  for (let ms = 0; ms < limitMs; ms += timed(sites, limitMs / 8).cpuMs);
}

/**
 * What this thread itself has worked, whoever else wants the processor: collections of garbage that other threads do are not in
 * it.
 */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e3;
}

/** Runs for so long, the making of strings in between left out. */
function timed({ run, renew, between }: CallSites, limitMs: number): { ms: number; cpuMs: number; times: number } {
  const runs = Math.min(chunk, between);
  let times = 0;
  let ms = 0;
  let cpuMs = 0;
  while (ms < limitMs) {
    renew?.();
    const cpuFrom = threadMs();
    const from = performance.now();
    run(runs);
    ms += performance.now() - from;
    cpuMs += threadMs() - cpuFrom;
    times += runs;
  }
  return { ms, cpuMs, times };
}
