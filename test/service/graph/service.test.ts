import assert from 'node:assert/strict';
import test from 'node:test';
import { section } from '../../../src/core/config/schema/index.ts';
import type { Consume, ExporterFactory, ReceiverFactory } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { noOwnMetrics, startFrom } from './rig.ts';

/** A receiver and an exporter that write down what happens to them. */
function followed(events: string[], { broken = '' } = {}) {
  let next: Consume | undefined;
  const component = (name: string) => ({
    async start() {
      events.push(`start ${name}`);
      if (name === broken) throw new Error(`${name}: the port is taken`);
    },
    async shutdown() {
      events.push(`shutdown ${name}`);
    },
  });
  const receiver: ReceiverFactory = {
    kind: 'receiver',
    type: 'test',
    schema: section({}),
    create(_settings, context) {
      next = context.next;
      return component(context.id);
    },
  };
  const exporter: ExporterFactory = {
    kind: 'exporter',
    type: 'test',
    schema: section({}),
    create: (_settings, { id }) => ({
      ...component(`exporter ${id}`),
      consume(batch) {
        events.push(`${id} takes ${batch.points}`);
        return undefined;
      },
    }),
  };
  return { factories: [...components, receiver, exporter], send: (points: number) => next?.({ points } as never) };
}

const file = `{receivers: {test: }, exporters: {test/a: , test/b: , test/unused: }, processors: {filter: },
  extensions: {health_check: {endpoint: "localhost:0"}},
  service: {extensions: [health_check], ${noOwnMetrics}, pipelines: {metrics: {receivers: [test], processors: [filter], exporters: [test/a, test/b]}}}}`;

test('exporters start before receivers and close after them; what nothing uses is not made', async (t) => {
  const events: string[] = [];
  const { factories, send } = followed(events);
  const service = await startFrom(t, file, factories);
  send(3);
  await service.shutdown();
  assert.deepEqual(events, [
    'start exporter test/a',
    'start exporter test/b',
    'start test',
    'test/a takes 3',
    'test/b takes 3',
    'shutdown test',
    'shutdown exporter test/b',
    'shutdown exporter test/a',
  ]);
});

test('exporters end at the same time, because each may wait for a receiver', { timeout: 60_000 }, async (t) => {
  const { promise: other, resolve } = Promise.withResolvers<void>();
  const { factories } = followed([]);
  const pair: ExporterFactory = {
    kind: 'exporter',
    type: 'pair',
    schema: section({}),
    create: (_settings, { id }) => ({
      async start() {},
      shutdown: async () => (id === 'pair/a' ? resolve() : other),
      consume: () => undefined,
    }),
  };
  const both = file.replaceAll('test/a', 'pair/a').replaceAll('test/b', 'pair/b');
  // Ends only if they do: the one waits for the other.
  await (await startFrom(t, both, [...factories, pair])).shutdown();
});

test('health_check answers 200 while the service runs, on every path, and nobody answers afterwards', async (t) => {
  const service = await startFrom(t, file, followed([]).factories);
  const [url = ''] = service.urls();
  for (const path of ['', 'anything', '-/healthy', '-/ready']) {
    const answer = await fetch(url + path);
    const body = (await answer.json()) as { readonly status: string };
    assert.deepEqual([answer.status, Object.keys(body), body.status], [200, ['status', 'upSince', 'uptime'], 'Server available']);
  }
  assert.match(service.log(), /Everything is ready\. Begin running and processing data\.\n/);
  await service.shutdown();
  await assert.rejects(fetch(url));
});

test('health_check has its own path and bodies where the file says so', async (t) => {
  const own = file.replace('"localhost:0"', '"localhost:0", path: /up, response_body: {healthy: "fine"}');
  const [url = ''] = (await startFrom(t, own, followed([]).factories)).urls();
  assert.equal(await (await fetch(url)).text(), 'fine');
  assert.equal((await fetch(new URL('/other', url))).status, 404);
  assert.equal((await fetch(new URL('/-/ready', url))).status, 200);
});

test('a component that cannot start closes what was opened before, and says why', async (t) => {
  const events: string[] = [];
  const { factories } = followed(events, { broken: 'test' });
  await assert.rejects(startFrom(t, file, factories), /the port is taken/);
  assert.deepEqual(events.slice(-3), ['shutdown test', 'shutdown exporter test/b', 'shutdown exporter test/a']);
});

test('the own metrics are served in text 0.0.4 under the Collector’s names', async (t) => {
  const reader = 'telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: localhost, port: 0}}}}]}}';
  const { factories, send } = followed([]);
  const service = await startFrom(t, file.replace(noOwnMetrics, reader), factories);
  send(5);
  const [url = ''] = service.urls();
  const answer = await fetch(url, { headers: { accept: 'application/openmetrics-text;version=1.0.0' } });
  const text = await answer.text();
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  // As the Collector v0.159 shows them with level: normal.
  assert.match(
    text,
    /^# TYPE otelcol_exporter_sent_metric_points counter\notelcol_exporter_sent_metric_points\{exporter="test\/a"\} 5$/m,
  );
  assert.match(text, /^otelcol_process_uptime \d/m);
  assert.match(text, /^otelcol_process_cpu_seconds \d/m);
  assert.match(text, /^otelcol_process_memory_rss \d/m);
  assert.match(text, /^target_info\{.*service_name="meterbridge".*\} 1$/m);
});
