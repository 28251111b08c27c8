/**
 * A random workload on the fixture contract. Nothing in it depends on the time or on the machine: all values come from the
 * generator.
 */
import type { MeterProvider } from '@opentelemetry/api';
import type { GroupCallback, ObservedRecorder, RecorderFor } from '../../src/library/recording/index.ts';
import { type fixture, outcomes, whiches, zones } from './fixture-contract.ts';
import type { Random } from './random.ts';

/** What the workload needs of a bridge. */
export interface Instrumented {
  readonly metrics: RecorderFor<typeof fixture>;
  readonly meterProvider: MeterProvider;
  // biome-ignore lint/suspicious/noExplicitAny: metrics of every kind together
  observe(targets: readonly ObservedRecorder<any, any>[], callback: GroupCallback): unknown;
}

export interface Workload {
  /** What some series must show by now, counted along beside the library. */
  truth(): ReadonlyMap<string, number>;
  /** Records `steps` random things, and each thing there is at least once. */
  run(steps: number): void;
  /** Takes things away: tasks and queues that end, disks that an observation no longer reports. */
  lose(): void;
}

interface Disk {
  scanned: number;
  used: number;
  lag: { counts: number[]; sum: number };
  waits: { count: number; sum: number };
  revision: string;
}

const diskNames = ['sda', 'sdb', 'sdc', 'sdd', 'nvme0n1 "fast"', 'C:\\data', 'Bücher 📚'];
/** More than the contract's limits, so that some fold. */
const volumes = ['root', 'home', 'var', 'tmp', 'srv', 'opt'];
const tasks = ['backup', 'prune', 'check', 'copy', 'mirror', 'report'];
const queues = ['mail', 'web', 'batch', 'two\nlines'];

/** Doubles of every size; half of them whole numbers. */
function positive(random: Random): number {
  const size = 10 ** random.between(-3, 17);
  return random.next() < 0.5 ? Math.round(random.next() * size) : random.next() * size;
}

/** @param nonFinite whether the values that are no numbers, or beyond them, are recorded */
export function startWorkload({ metrics, meterProvider, observe }: Instrumented, random: Random, nonFinite = true): Workload {
  const extremes = nonFinite ? [Number.NaN, Infinity, -Infinity] : [Number.MAX_SAFE_INTEGER, 0, -1];
  const disks = new Map<string, Disk>();
  const workers = ['w1', 'w2', 'w3'];
  const counted = new Map<string, number>();
  let openFiles = 0;
  let version = '1.4.2';
  const busy = { idle: 3, busy: 1 };

  const foreign = meterProvider
    .getMeter('library')
    .createCounter('library.calls', { unit: '{call}', description: 'Calls of a library.' });
  // The same instrument that the contract declares, through the API: its view lets `outcome` pass and drops what else is said.
  const jobs = meterProvider.getMeter('fixture').createCounter('fixture.jobs', { unit: '{job}', description: 'Finished jobs.' });

  function count(key: string, by: number): number {
    counted.set(key, (counted.get(key) ?? 0) + by);
    return by;
  }

  const { scanned, diskUsed, lag, waits, firmwareInfo } = metrics;
  observe([scanned, diskUsed, lag, waits, firmwareInfo], (observation) => {
    for (const [disk, state] of disks) {
      observation.set(scanned, state.scanned, { disk });
      observation.set(diskUsed, state.used, { disk });
      observation.set(lag, state.lag, { disk });
      observation.set(waits, state.waits, { disk });
      observation.set(firmwareInfo, 1, { disk, revision: state.revision });
    }
  });
  metrics.openFiles.observe(() => openFiles);
  metrics.agents.observe((observation) => {
    observation.set(busy.idle, { state: 'idle' });
    if (busy.busy > 0) observation.set(busy.busy, { state: 'busy' });
  });

  function touchDisk(name: string): void {
    const known = disks.get(name);
    const disk = known ?? {
      scanned: 0,
      used: 0,
      lag: { counts: [0, 0, 0], sum: 0 },
      waits: { count: 0, sum: 0 },
      revision: 'r1',
    };
    disk.scanned += random.between(1, 1_000);
    disk.used = positive(random);
    const bucket = random.between(0, 2);
    disk.lag.counts[bucket] = (disk.lag.counts[bucket] ?? 0) + random.between(1, 9);
    disk.lag.sum += random.next() * 3;
    disk.waits.count += 1;
    disk.waits.sum += random.next();
    disks.set(name, disk);
  }

  const steps: readonly (() => void)[] = [
    ...outcomes.map(
      (outcome) => () => metrics.jobs.add(count(`fixture_jobs_total{outcome="${outcome}"}`, random.between(1, 5)), { outcome }),
    ),
    () => metrics.bytesRead.add(positive(random), { volume: random.pick(volumes) }),
    () => metrics.retries.add(count('fixture_retries_total{}', random.between(1, 3))),
    () => metrics.queueDepth.add(random.between(-50, 50), { queue: random.pick(queues) }),
    ...zones.map((zone) => () => metrics.temperature.set(random.next() * 80 - 30, { zone })),
    ...extremes.map((value, i) => () => metrics.extreme.set(value, { which: whiches[i] ?? 'nan' })),
    ...zones.map((zone) => () => metrics.load.set(random.next() * 100, { worker: random.pick(workers), zone })),
    ...outcomes.map((outcome) => () => metrics.duration.record(random.next() ** 4 * 300, { outcome, task: random.pick(tasks) })),
    () => metrics.size.record(random.pick([0, 1024, 1025, positive(random)])),
    ...zones.map((zone) => () => metrics.latency.record(random.next(), { zone })),
    () => metrics.buildInfo.set({ version }),
    () => touchDisk(random.pick(diskNames)),
    () => {
      openFiles = random.between(0, 1_000);
    },
    () => {
      busy.busy = random.between(0, 4);
    },
    () => {
      const method = random.pick(['Get', 'Put']);
      foreign.add(count(`library_calls_total{rpc_method="${method}"}`, random.between(1, 9)), { 'rpc.method': method });
    },
    () => {
      const outcome = random.pick(outcomes);
      jobs.add(count(`fixture_jobs_total{outcome="${outcome}"}`, 1), { outcome, 'user.id': String(random.between(1, 1_000)) });
    },
  ];

  return Object.freeze({
    truth: () => new Map([...counted, ['fixture_open_files{}', openFiles]]),
    run(more: number) {
      for (const step of steps) step();
      for (let i = 0; i < more; i++) random.pick(steps)();
    },
    lose() {
      metrics.queueDepth.add(1, { queue: 'gone' });
      metrics.queueDepth.remove({ queue: random.pick(queues) });
      metrics.load.remove({ worker: random.pick(workers) });
      metrics.duration.remove({ task: random.pick(tasks) });
      metrics.queueDepth.remove({ queue: 'gone' });
      for (const disk of [...disks.keys()].slice(0, 1)) disks.delete(disk);
      version = '1.5.0';
      metrics.buildInfo.set({ version });
    },
  });
}
