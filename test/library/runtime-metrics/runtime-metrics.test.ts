import assert from 'node:assert/strict';
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { contract, counter, MeterbridgeError, meterbridge } from '../../../src/index.ts';
import { runtimeMetrics } from '../../../src/runtime-metrics.ts';
import { sdkEngine } from '../../../src/sdk.ts';

const app = contract('app', { runs: counter({ help: 'h' }) });
const open = (options = {}) => meterbridge(app, { isolated: true, push: false, ...options });
const names = async (bridge: ReturnType<typeof open>) => (await bridge.gather()).map(({ name }) => name);

/** OpenTelemetry semantic conventions 1.45, by the Collector's names; `nodejs_eventloop_delay_seconds` is ours. */
const semconv = [
  ...['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map((of) => `nodejs_eventloop_delay_${of}_seconds`),
  'nodejs_eventloop_delay_seconds',
  'nodejs_eventloop_utilization_ratio',
  'nodejs_eventloop_time_seconds_total',
  'v8js_gc_duration_seconds',
  'v8js_memory_heap_limit_bytes',
  'v8js_memory_heap_used_bytes',
  'v8js_memory_heap_space_available_size_bytes',
  'v8js_memory_heap_space_physical_size_bytes',
  'process_cpu_time_seconds_total',
  'process_memory_usage_bytes',
  'process_memory_virtual_bytes',
  'process_unix_file_descriptor_count',
  'process_uptime_seconds',
];

for (const [engine, options] of [
  ['its own engine', {}],
  ['the SDK', { engine: sdkEngine() }],
] as const) {
  test(`with ${engine}, the semantic conventions' names are the default`, async (t) => {
    const bridge = open(options);
    t.after(() => bridge.close());
    runtimeMetrics(bridge);
    await sleep(50);
    assert.deepEqual((await names(bridge)).sort(), [...semconv, 'app_runs_total'].sort());
    const families = new Map((await bridge.gather()).map((family) => [family.name, family]));
    const states = families.get('nodejs_eventloop_time_seconds_total')?.samples.map(({ labels }) => labels);
    assert.deepEqual(states, [[['nodejs_eventloop_state', 'active']], [['nodejs_eventloop_state', 'idle']]]);
    assert.ok(families.get('v8js_memory_heap_used_bytes')?.samples.some(({ labels }) => labels[0]?.[1] === 'old_space'));
    const utilization = families.get('nodejs_eventloop_utilization_ratio')?.samples[0]?.value ?? Number.NaN;
    assert.ok(utilization >= 0 && utilization <= 1);
  });
}

test('where the runtime does not measure its event loop, what it does with its time is absent', async (t) => {
  // What Bun 1.4 and Deno 2.9 say at all times.
  t.mock.method(performance, 'eventLoopUtilization', () => ({ idle: 0, active: 0, utilization: 0 }));
  const bridge = open();
  t.after(() => bridge.close());
  runtimeMetrics(bridge);
  const families = new Map((await bridge.gather()).map(({ name, samples }) => [name, samples]));
  assert.deepEqual(families.get('nodejs_eventloop_utilization_ratio'), []);
  assert.deepEqual(families.get('nodejs_eventloop_time_seconds_total'), []);
  assert.equal(families.get('process_uptime_seconds')?.length, 1);
});

test('both names can be there at once, and each once', async (t) => {
  const bridge = open();
  t.after(() => bridge.close());
  const stop = runtimeMetrics(bridge, { names: 'semconv' });
  assert.equal(runtimeMetrics(bridge), stop);
  assert.throws(() => runtimeMetrics(bridge, { names: 'prometheus' as 'semconv' }), MeterbridgeError);
  stop();
  stop();
  const again = runtimeMetrics(bridge);
  assert.notEqual(again, stop);
  again();
});

for (const names of ['semconv', 'prom-client'] as const) {
  test(`a garbage collection after close() is no measurement that is lost: ${names}`, async () => {
    const lines: string[] = [];
    const bridge = open({ log: (line: string) => void lines.push(line) });
    runtimeMetrics(bridge, { names });
    await bridge.close();
    setFlagsFromString('--expose-gc');
    const seen = new Promise<void>((resolve) => {
      const observer = new PerformanceObserver(() => {
        observer.disconnect();
        resolve();
      });
      observer.observe({ entryTypes: ['gc'] });
    });
    runInNewContext('gc')();
    await seen;
    // Observers are told one after the other, in one turn.
    await new Promise(setImmediate);
    assert.deepEqual(lines, []);
  });
}
