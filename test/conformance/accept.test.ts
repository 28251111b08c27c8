/** Real scrapers send the `Accept` that docs/formats.md says. What they get for it, `test/formats/exposition/scrapers.test.ts` holds. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { scrapers } from '../formats/exposition/scrapers.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';
import { inReverse } from './in-reverse.ts';
import { type Peer, requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

interface Target {
  readonly host: string;
  readonly accepted: readonly (string | undefined)[];
}

/** Records the header of each request, and answers with an empty exposition. */
async function startTarget(atEnd: (close: () => Promise<void>) => void): Promise<Target> {
  const accepted: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    accepted.push(request.headers.accept);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end('up 1\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, accepted };
}

function assertSent(sent: Target, scraper: string): void {
  const listed = scrapers.find((one) => one.scraper === scraper);
  assert.ok(listed !== undefined, `${scraper} is in the table`);
  assert.equal(sent.accepted[0], listed.accept);
}

const programs: readonly (readonly [scraper: string, peer: Peer, config: object, args?: readonly string[]])[] = [
  ['Prometheus 2.42 to 2.48', 'prometheus', {}],
  ['Prometheus 2.42 to 2.48, native histograms', 'prometheus', {}, ['--enable-feature=native-histograms']],
  ['Prometheus 3.4 to 3.14', 'prometheus3', {}],
  ['Prometheus 3.4 to 3.14, native histograms', 'prometheus3', { scrape_native_histograms: true }],
  [
    'Prometheus 3.4 to 3.14, `scrape_protocols: [PrometheusText0.0.4]`',
    'prometheus3',
    { scrape_protocols: ['PrometheusText0.0.4'] },
  ],
];
for (const [scraper, peer, config, args] of programs) {
  test(scraper, async (t: TestContext) => {
    const binary = requirePeer(t, peer);
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const target = await startTarget(atEnd);
    const job = { job_name: 'one', ...config, static_configs: [{ targets: [target.host] }] };
    const prometheus = await runPrometheus(t, binary, { scrape_configs: [job] }, args === undefined ? {} : { args });
    atEnd(prometheus.stop);
    await until('scraped', () => target.accepted.length > 0);
    assertSent(target, scraper);
  });
}

const receivers = [
  ['OpenTelemetry Collector 0.159, receiver `prometheus`', {}],
  ['OpenTelemetry Collector 0.159, native histograms', { scrape_native_histograms: true }],
] as const;
for (const [scraper, config] of receivers) {
  test(scraper, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const target = await startTarget(atEnd);
    const job = {
      job_name: 'one',
      scrape_interval: '1s',
      scrape_timeout: '1s',
      ...config,
      static_configs: [{ targets: [target.host] }],
    };
    const file = {
      receivers: { prometheus: { config: { scrape_configs: [job] } } },
      exporters: { nop: {} },
      service: {
        pipelines: { metrics: { receivers: ['prometheus'], exporters: ['nop'] } },
        telemetry: { metrics: { level: 'none' } },
      },
    };
    const child = startChild(t, binary, ['--config', `yaml:${JSON.stringify(file)}`]);
    atEnd(child.stop);
    await child.until('scraped', () => target.accepted.length > 0);
    assertSent(target, scraper);
  });
}

test('curl', async (t: TestContext) => {
  const binary = requirePeer(t, 'curl');
  if (binary === undefined) return;
  const target = await startTarget(inReverse(t));
  await promisify(execFile)(binary, ['-s', `http://${target.host}/metrics`]);
  assertSent(target, 'curl');
});
