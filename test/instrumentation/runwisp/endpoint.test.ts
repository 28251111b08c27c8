import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import { mountRunwispMetrics, resolveRunwispMetrics, runwisp, runwispRecorder } from '../../../instrumentation/runwisp/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { assertRefused } from '../../core/errors/assert-refused.ts';
import { probes } from './probes.ts';

const good: [string, Record<string, unknown>, ReturnType<typeof resolveRunwispMetrics>][] = [
  ['nothing said: off', {}, { enabled: false, listen: undefined, public: false }],
  ['the host keeps its other keys', { host: '::1', token: 5 }, { enabled: false, listen: undefined, public: false }],
  ['shared listener', { metrics_enabled: true }, { enabled: true, listen: undefined, public: false }],
  ...['127.0.0.1:9478', '127.9.9.9:0', '[::1]:65535', 'localhost:9478', 'metrics.internal:9478'].map(
    (listen): (typeof good)[number] => [
      `dedicated listener at ${listen}`,
      { metrics_enabled: true, metrics_listen: listen },
      { enabled: true, listen, public: false },
    ],
  ),
  ...['0.0.0.0:9478', ':9478', '[::]:9478', '10.0.0.1:9478'].map((listen): (typeof good)[number] => [
    `a public listener at ${listen} that is meant`,
    { metrics_enabled: true, metrics_listen: listen, metrics_listen_public: true },
    { enabled: true, listen, public: true },
  ]),
];

for (const [name, daemon, expected] of good) {
  test(`configuration: ${name}`, () => assert.deepEqual(resolveRunwispMetrics(daemon), expected));
}

const listening = (metrics_listen: unknown) => ({ metrics_enabled: true, metrics_listen });
const bad: [string, Record<string, unknown>, RegExp[]][] = [
  [
    'metrics_listen without metrics_enabled',
    { metrics_listen: '127.0.0.1:9478' },
    [/^daemon\.metrics_listen: .*metrics_enabled = true/],
  ],
  [
    'metrics_listen, not enabled',
    { metrics_enabled: false, metrics_listen: '127.0.0.1:1' },
    [/^daemon\.metrics_listen: .*metrics_enabled/],
  ],
  ['no colon', listening('9478'), [/^daemon\.metrics_listen: got "9478".*no port/]],
  ['a port that is no number', listening('127.0.0.1:abc'), [/^daemon\.metrics_listen: .*whole number/]],
  ['an empty port', listening('127.0.0.1:'), [/^daemon\.metrics_listen: .*whole number/]],
  ['a port above 65535', listening('127.0.0.1:65536'), [/^daemon\.metrics_listen: .*65535/]],
  ['a listen address of another type', listening(9478), [/^daemon\.metrics_listen: got 9478; it is a string/]],
  ...['0.0.0.0:9478', ':9478', '[::]:9478', '192.168.1.5:9478', '[2001:db8::1]:9478'].map((listen): (typeof bad)[number] => [
    `${listen} without metrics_listen_public`,
    listening(listen),
    [/^daemon\.metrics_listen: .*metrics_listen_public = true/],
  ]),
  ['metrics_enabled of another type', { metrics_enabled: 'yes' }, [/^daemon\.metrics_enabled: got "yes"; it is true or false/]],
  ['metrics_listen_public alone', { metrics_enabled: true, metrics_listen_public: true }, [/^daemon\.metrics_listen_public: /]],
  ['an unknown key', { metrics_enable: true }, [/^daemon\.metrics_enable: .*unknown key.*metrics_enabled/]],
  [
    'everything at once',
    { metrics_enabled: 1, metrics_listen: '0.0.0.0:99999', metrics_listen_public: 'no', metrics_path: '/m' },
    [
      /^daemon\.metrics_path: /,
      /^daemon\.metrics_enabled: /,
      /^daemon\.metrics_listen_public: /,
      /^daemon\.metrics_listen: .*65535/,
    ],
  ],
];

for (const [name, daemon, messages] of bad) {
  test(`configuration error: ${name}`, () => {
    assertRefused(() => resolveRunwispMetrics(daemon), messages);
  });
}

async function mounted(t: TestContext, daemon: Record<string, unknown>) {
  const { bridge } = testBridge(runwisp, { scrape: { onStale: 'fail' } });
  runwispRecorder(bridge, probes());
  const app = fastify({ forceCloseConnections: true });
  t.after(() => Promise.all([app.close(), bridge.close()]));
  app.get('/health', async () => ({ status: 'ok' }));
  const { url } = await mountRunwispMetrics({ app, bridge, config: resolveRunwispMetrics(daemon) });
  const main = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    get: (path: string, init?: RequestInit) => fetch(main + path, init),
    status: async (path: string) => (await fetch(main + path)).status,
  };
}

test('disabled: /metrics does not exist', async (t) => {
  const host = await mounted(t, {});
  assert.equal(host.url, undefined);
  assert.equal(await host.status('/metrics'), 404);
});

test('enabled without metrics_listen: beside /health, without authentication', async (t) => {
  const host = await mounted(t, { metrics_enabled: true });
  assert.equal(host.url, undefined);
  assert.equal(await host.status('/health'), 200);
  const answer = await host.get('/metrics', { headers: { authorization: 'Bearer wrong' } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.match(await answer.text(), /\n# EOF\n$/);
});

test('metrics_listen: not on the main listener, and nothing else on the dedicated one', async (t) => {
  const host = await mounted(t, { metrics_enabled: true, metrics_listen: '127.0.0.1:0' });
  assert.equal(await host.status('/metrics'), 404);
  assert.equal(await host.status('/health'), 200);
  const url = host.url as string;
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  assert.equal((await fetch(url)).status, 200);
  for (const path of ['/health', '/', '/metrics/x', '/api/tasks/a/run'])
    assert.equal((await fetch(new URL(path, url))).status, 404, path);
});

test('a taken port is a clear error that names the key', async (t) => {
  const host = await mounted(t, { metrics_enabled: true, metrics_listen: '127.0.0.1:0' });
  const { host: taken } = new URL(host.url as string);
  await assert.rejects(
    mounted(t, { metrics_enabled: true, metrics_listen: taken }),
    /daemon\.metrics_listen: .*the port must be free/,
  );
});
