/** Metrics API and SDK, "Shutdown": what is measured after `close()` is nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  contract,
  counter,
  gauge,
  histogram,
  identity,
  info,
  meterbridge,
  oneOf,
  summary,
  upDownCounter,
} from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';

const demo = contract('demo', {
  jobs: counter({ help: 'Jobs.', labels: { task: identity({ limit: 50 }) } }),
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'failed') } }),
  queue: upDownCounter({ help: 'Queue.' }),
  level: gauge({ help: 'Level.' }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1] }),
  wait: summary({ unit: 's', help: 'Wait.' }),
  buildInfo: info({ help: 'Build.', labels: { version: identity({ limit: 5 }) } }),
  seen: gauge({ observed: true, help: 'Seen.' }),
});
const quiet = { isolated: true, env: {}, push: false, selfMetrics: true } as const;

for (const [name, options] of [
  ['store engine', {}],
  ['SDK engine', { engine: sdkEngine() }],
] as const) {
  test(`after close nothing is measured, by whichever way (${name})`, async () => {
    const lines: string[] = [];
    const bridge = meterbridge(demo, { ...quiet, ...options, log: (line) => lines.push(line) });
    const { metrics } = bridge;
    const meter = bridge.meterProvider.getMeter('demo');
    const viaApi = meter.createCounter('demo.runs');
    const bound = metrics.runs.bind({ status: 'ok' });
    const late = metrics.jobs.bind({ task: 'bound early, used late' });
    const stop = metrics.time.startTimer();
    let observed = 0;
    metrics.seen.observe(() => ++observed);
    function measure(task: string): void {
      metrics.jobs.add(1, { task });
      metrics.runs.add(1, { status: 'failed' });
      metrics.queue.add(1);
      metrics.level.set(Math.random());
      metrics.time.record(0.5);
      metrics.wait.record(0.5);
      metrics.buildInfo.set({ version: task });
      viaApi.add(1, { status: 'ok' });
      bound.add(1);
    }
    measure('a');
    await bridge.refresh();
    await bridge.close();
    const before = await shown(bridge);

    measure('a');
    for (let n = 0; n < 100; n++) measure(`task ${n}`);
    late.add(1);
    stop();
    metrics.jobs.zero({ task: 'zero' });
    metrics.jobs.bind({ task: 'bound' }).add(1);
    metrics.jobs.add(-1, { task: 'refused' });
    metrics.jobs.add(1, { nonsense: 1 } as never);
    metrics.jobs.remove({ task: 'a' });
    meter.createCounter('demo.jobs').add(1, { task: 'api' });
    const another = contract('another', { things: counter({ help: 'Things.' }) });
    bridge.register(another).things.add(1);
    await bridge.refresh();

    // A contract that comes afterwards is declared, and shows nothing but the 0 that it begins with.
    const after = (await shown(bridge)).filter((line) => !line.startsWith('another.things '));
    assert.deepEqual(after, before);
    assert.ok(before.includes('demo.jobs {"task":"a"} 1'), before.join('\n'));
    assert.equal(observed, 1);
    assert.deepEqual(lines, [
      'demo_jobs_total: a measurement after close() is lost, as are those that follow; a closed bridge records nothing. Fix: record before',
    ]);
  });
}

/** Samples of all contracts, but for Meterbridge's own counts of scrapes. */
async function shown({ producer }: { readonly producer: ReturnType<typeof meterbridge>['producer'] }): Promise<string[]> {
  const { resourceMetrics } = await producer.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => `${descriptor.name} ${JSON.stringify(attributes)} ${JSON.stringify(value)}`),
    ),
  );
}

test('after close no measurement, instrument or meter takes memory', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const { metrics, meterProvider, close } = meterbridge(demo, { ...quiet, log: () => {} });
  const meter = meterProvider.getMeter('library');
  const open = meter.createCounter('open');
  const observable = meter.createObservableGauge('observable');
  open.add(1, { n: 'known' });
  await close();
  function flood(from: number): void {
    for (let n = from; n < from + 20_000; n++) {
      const text = `a value of its own, not short: ${n}`;
      metrics.jobs.add(1, { task: text });
      open.add(1, { n: text });
      meter.createCounter(text).add(1);
      meterProvider.getMeter(text).createCounter('x').add(1);
      observable.addCallback((result) => result.observe(text.length));
    }
  }
  function used(): number {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  }
  flood(0);
  // Each of the five kept would be 2 MB and more in each flood. V8's own, such as code that it compiles beside them, is not.
  const grown = [1, 2, 3, 4].map((round) => {
    const before = used();
    flood(round * 20_000);
    return used() - before;
  });
  assert.ok(Math.min(...grown) < 1_000_000, grown.join(', '));
});
