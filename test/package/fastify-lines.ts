/**
 * Beside each line of Fastify that an application may have: npm installs no second one, the declarations fit the application's
 * own, and the endpoint, requests and runtime are one line. An ordinary install without one brings none.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { copiesIn } from './installed.ts';
import { manifest, packed } from './packed.ts';

const it = await packed();

const program = `
import { fastify } from 'fastify';
import { contract, meterbridge } from 'meterbridge';
import { loopback, notFound } from 'meterbridge/access';
import { fastifyGuard, fastifyMetrics, fastifyRequestLog } from 'meterbridge/fastify';
import { httpServerMetrics } from 'meterbridge/http-metrics';
import { mountRunwispMetrics, resolveRunwispMetrics } from 'meterbridge/instrumentation/runwisp';

const bridge = meterbridge(contract('shop', {}), { push: false, log() {} });
const access = { gate: loopback(), refusal: notFound() };
const app = fastify();
app.register(fastifyRequestLog({ write() {} }));
app.register(fastifyMetrics(bridge, { access, http: { skip: ['/health'] }, runtime: { names: 'prom-client' } }));
app.register(httpServerMetrics(bridge, { names: 'fastify-metrics' }).fastify);
app.addHook('onRequest', fastifyGuard({ ...access, gate: loopback() }));
app.get('/orders/:id', async () => ({}));
app.get('/health', async () => 'ok');
const other = fastify();
await mountRunwispMetrics({ app: other, bridge, config: resolveRunwispMetrics({ metrics_enabled: true }) });

for (const url of ['/orders/1', '/health']) await app.inject(url);
const pages = await Promise.all([app, other].map(async (one) => (await one.inject('/metrics')).body));
const counts = pages.map((page) => page.match(/^http_server_request_duration_seconds_count.*http_route="[^"]*"/gm));
console.log(JSON.stringify({ routes: counts.map((lines) => lines?.map((line) => line.split('"').at(-2))), version: app.version }));
await bridge.close();
`;

/** Oldest first; 4.10 is the first whose requests say their route. The last is what this package is developed with. */
const lines = ['4.10.0', '4.29.1', '5.0.0', manifest.devDependencies.fastify as string];

test('an ordinary install brings no Fastify', () => {
  assert.deepEqual(
    copiesIn(it.project, (name) => name === 'fastify'),
    new Map(),
  );
});

/** Two at the same time: npm waits much. */
describe('beside Fastify', { concurrency: 2 }, () => {
  for (const line of lines) {
    test(line, async () => {
      const host = await it.beside({ fastify: line });
      const copies = copiesIn(host.project, (name) => name === 'fastify').get('fastify');
      assert.equal(copies?.length, 1, String(copies));
      writeFileSync(join(host.project, 'program.ts'), program);
      const shown = JSON.parse(await host.run('node', 'program.ts'));
      assert.deepEqual(shown, { routes: [['/orders/:id'], ['/orders/:id']], version: copies[0] });
      await host.typeCheck('program.ts');
    });
  }
});
