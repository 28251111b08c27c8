/** Held against prom-client's own default metrics, in the same process at the same time. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { contract, meterbridge } from '../../../src/index.ts';
import { runtimeMetrics } from '../../../src/runtime-metrics.ts';

interface Family {
  readonly type: string;
  /** Name and labels → value. */
  readonly samples: Map<string, number>;
}

const registry = new Registry();
const bridge = meterbridge(contract('app', {}), { isolated: true, push: false });
let theirs: Map<string, Family>;
let ours: Map<string, Family>;

before(async () => {
  collectDefaultMetrics({ register: registry });
  runtimeMetrics(bridge, { names: 'prom-client' });
  // Both have seen each kind of collection, and some turns of the event loop.
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  await sleep(60);
  await Promise.all([registry.metrics(), bridge.gather()]);
  await sleep(60);
  theirs = parse(await registry.metrics());
  ours = new Map(
    (await bridge.gather()).map(({ name, kind: type, samples }) => {
      const values = samples.map((sample) => [key(sample.name, Object.fromEntries(sample.labels)), sample.value] as const);
      return [name, { type, samples: new Map(values) }];
    }),
  );
});
after(() => bridge.close());

const key = (name: string, labels: Readonly<Record<string, string>>) =>
  `${name} ${JSON.stringify(Object.entries(labels).sort())}`;

function parse(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let current: Family = { type: '', samples: new Map() };
  for (const line of text.split('\n')) {
    const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== '') {
      current = { type, samples: new Map() };
      families.set(name, current);
    } else if (line !== '' && !line.startsWith('#')) {
      const [, sample = '', labels = '', value = ''] = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text]);
      current.samples.set(key(sample, Object.fromEntries(pairs)), Number(value.replace('Nan', 'NaN')));
    }
  }
  return families;
}

const families = [
  ['process_cpu_user_seconds_total', 'process_cpu_system_seconds_total', 'process_cpu_seconds_total'],
  ['process_start_time_seconds', 'process_resident_memory_bytes', 'process_virtual_memory_bytes', 'process_heap_bytes'],
  ['process_open_fds', 'process_max_fds', 'nodejs_version_info', 'nodejs_gc_duration_seconds'],
  ['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map((part) => `nodejs_eventloop_lag${part}_seconds`),
  ['resources', 'handles', 'requests'].flatMap((what) => [`nodejs_active_${what}`, `nodejs_active_${what}_total`]),
  ['nodejs_heap_size_total_bytes', 'nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes'],
  ['total', 'used', 'available'].map((what) => `nodejs_heap_space_size_${what}_bytes`),
].flat();

test('every default metric of prom-client is here, with its type', () => {
  assert.deepEqual([...theirs.keys()].sort(), [...families].sort(), 'prom-client has other default metrics now');
  for (const [name, family] of theirs) assert.equal(ours.get(name)?.type, family.type, name);
});

test('the series are the same: labels and their values', () => {
  for (const [name, family] of theirs) {
    // Kinds of garbage collection that only one of the two has seen; prom-client counts the first of several that end together.
    if (name === 'nodejs_gc_duration_seconds') continue;
    assert.deepEqual([...(ours.get(name)?.samples.keys() ?? [])].sort(), [...family.samples.keys()].sort(), name);
  }
});

test('garbage collections are those that prom-client counts, or more', () => {
  const samples = ours.get('nodejs_gc_duration_seconds')?.samples ?? new Map<string, number>();
  const counts = [...(theirs.get('nodejs_gc_duration_seconds')?.samples ?? [])].filter(([name]) => name.includes('_count'));
  for (const [name, value] of counts) assert.ok((samples.get(name) ?? 0) >= value, `${name}: ${samples.get(name)} of ${value}`);
});

/**
 * By what factor the two may differ, read one after the other, and by how much beyond. What prom-client counts from its own start
 * on is more here.
 */
const within: readonly [RegExp, factor: number, beyond: number][] = [
  // Each rounds what it reads of two clocks to a second.
  [/^process_start_time/, 1, 1],
  [/^process_max_fds|^nodejs_version_info|^nodejs_active_handles/, 1, 0],
  // Free parts of small spaces change by a page at a time.
  [/_bytes /, 1.5, 4e6],
  [/^process_open_fds/, 1.2, 2],
];

test('the values are of the same size', () => {
  for (const [name, family] of theirs) {
    for (const [sample, value] of family.samples) {
      const [, factor, beyond] = within.find(([pattern]) => pattern.test(sample)) ?? [];
      if (factor === undefined || beyond === undefined) continue;
      const own = ours.get(name)?.samples.get(sample) ?? Number.NaN;
      const least = Math.max(0, value / factor - beyond);
      assert.ok(own >= least && own <= value * factor + beyond, `${sample}: ${own}, prom-client ${value}`);
    }
  }
});

test('CPU time is that of the process', () => {
  const total = ours.get('process_cpu_seconds_total')?.samples.get('process_cpu_seconds_total []') ?? Number.NaN;
  const { user, system } = process.cpuUsage();
  assert.ok(total > 0 && total <= (user + system) / 1e6);
});
