/**
 * Instrumentations that OpenTelemetry publishes, on a bridge's meter provider: each shows the metric that its own documentation
 * names.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { contract, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';

test('instrumentation-http, -undici and -runtime-node record on a bridge', async (t) => {
  const bridge = meterbridge(contract('app', {}), { isolated: true, push: false });
  t.after(() => bridge.close());
  const all = [new HttpInstrumentation(), new UndiciInstrumentation(), new RuntimeNodeInstrumentation()];
  for (const one of all) {
    one.setMeterProvider(bridge.meterProvider);
    one.enable();
  }
  t.after(() => {
    for (const one of all) one.disable();
  });
  // It patches what is required after it.
  const { createServer, get } = createRequire(import.meta.url)('node:http') as typeof import('node:http');
  const server = createServer((_, response) => response.end('ok'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  await answer.toArray();
  await (await fetch(url)).text();

  const expected = [
    'http_server_request_duration_seconds',
    'http_client_request_duration_seconds',
    'nodejs_eventloop_utilization_ratio',
  ];
  // `get` is the one of -http, `fetch` that of -undici.
  let clients = 0;
  let names: string[] = [];
  await until('all are shown', async () => {
    const families = (await bridge.gather()).filter(({ samples }) => samples.length > 0);
    names = families.map(({ name }) => name);
    const counts = families.flatMap(({ samples }) =>
      samples.filter(({ name }) => name === 'http_client_request_duration_seconds_count'),
    );
    clients = counts.reduce((sum, { value }) => sum + value, 0);
    return clients >= 2 && expected.every((name) => names.includes(name));
  });
  assert.equal(clients, 2);
});
