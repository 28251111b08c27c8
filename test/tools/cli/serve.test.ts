/** The service as a process: its lines, signals and exit codes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { freePort } from '../../../examples/demo/free-port.ts';
import { until } from '../../until.ts';
import { runCommand } from './run-command.ts';
import { config, serve } from './running.ts';

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = runCommand(args);
  return { status, stdout, stderr };
}

test('serve names its listeners, answers health, and ends with 0 at SIGTERM', { timeout: 60_000 }, async (t) => {
  const running = await serve(t, ['--config', config]);
  const [health = ''] = running.urls;
  assert.equal(running.urls.length, 2);
  assert.deepEqual(run('health', health), { status: 0, stdout: '', stderr: '' });
  running.process.kill('SIGTERM');
  assert.deepEqual(await once(running.process, 'close'), [0, null]);
  assert.match(running.log(), /Shutdown complete\./);
  const after = run('health', health);
  assert.deepEqual([after.status, after.stdout], [1, '']);
  assert.match(after.stderr, /does not respond/);
});

test('SIGTERM while components start closes what they have opened, and ends with 0', { timeout: 60_000 }, async (t) => {
  // The service's own metrics are loaded behind this line, which takes longer than the signal.
  const own = 'service.telemetry.metrics={readers: [{pull: {exporter: {prometheus: {host: localhost, port: 0}}}}]}';
  const running = await serve(t, ['--config', config, '--set', own], 'Starting meterbridge');
  running.process.kill('SIGTERM');
  assert.deepEqual(await once(running.process, 'close'), [0, null]);
  assert.match(running.log(), /Shutdown complete\./);
});

test('a pipe that nobody reads holds up neither the start nor the end', {
  timeout: 60_000,
  skip: process.platform === 'win32',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const exporters = `exporters={nop: , file: {path: ${JSON.stringify(pipe)}}}`;
  const pipelines = 'service.pipelines={metrics: {receivers: [otlp], exporters: [nop, file]}}';
  const running = await serve(t, ['--config', config, '--set', exporters, '--set', pipelines]);
  assert.match(running.log(), /no program reads this pipe yet/);
  running.process.kill('SIGTERM');
  assert.deepEqual(await once(running.process, 'close'), [0, null]);
});

test('a second signal ends it at once with 1, while a request is under way', { timeout: 60_000 }, async (t) => {
  const running = await serve(t, ['--config', config]);
  const [, receiver = ''] = running.urls;
  const { hostname, port } = new URL(receiver);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  const head = `POST /v1/metrics HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/x-protobuf\r\n`;
  socket.write(`${head}expect: 100-continue\r\ncontent-length: 100\r\n\r\nabc`);
  // The receiver asks for the body: the request is under way.
  await once(socket, 'data');
  running.process.kill('SIGTERM');
  running.process.kill('SIGINT');
  assert.deepEqual(await once(running.process, 'close'), [1, null]);
  assert.doesNotMatch(running.log(), /Shutdown complete/);
});

test('a port in use names the component and the address, and ends with 1', { timeout: 60_000 }, async (t) => {
  const running = await serve(t, ['--config', config]);
  const port = new URL(running.urls[0] ?? '').port;
  const second = run('serve', '--config', config, '--set', `extensions.health_check.endpoint=localhost:${port}`);
  assert.equal(second.status, 1);
  assert.match(second.stderr, new RegExp(`extensions\\.health_check\\.endpoint: got "localhost:${port}"; the port must be free`));
});

test('limits are whole numbers', async () => {
  const refused = run('serve', '--config', config, '--max-series', '1e6');
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--max-series: got "1e6"; it is a whole number from 1 to 2147483647/);
});

test('a wrong configuration opens nothing and ends with 1', async () => {
  const refused = run('serve', '--config', config.replace('endpoint', 'endpont'));
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /endpont.*Fix: write endpoint/);
});

const sum = (value: number) =>
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"jobs.done","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asInt":"${value}","timeUnixNano":"${value}"}]}}]}]}]}`;
const post = (url: string, body = '') => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

test('SIGHUP and POST /-/reload change to what the file says now; a wrong file changes nothing', {
  timeout: 60_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'collector.yaml');
  const write = (exporters: string) =>
    writeFileSync(
      file,
      `{receivers: {otlp: {protocols: {http: {endpoint: "localhost:0"}}}}, exporters: {prometheus: {endpoint: "localhost:0"}, nop: , debug: },
        extensions: {health_check: {endpoint: "localhost:0"}},
        service: {extensions: [health_check], telemetry: {metrics: {level: none}}, pipelines: {metrics: {receivers: [otlp], exporters: ${exporters}}}}}`,
    );
  write('[prometheus]');
  const running = await serve(t, ['--config', file]);
  const [health = '', scraped = '', receiver = ''] = running.urls;
  assert.equal((await post(receiver, sum(7))).status, 200);

  write('[prometheus, nop]');
  running.process.kill('SIGHUP');
  await until('the new configuration works', () =>
    running.log().includes('The new configuration works. added: exporter nop; kept: 3 of 4'),
  );
  write('[prometheus, debug]');
  const reloaded = await post(`${health}-/reload`);
  assert.deepEqual(
    [reloaded.status, await reloaded.text()],
    [200, 'added: exporter debug\nremoved: exporter nop\nkept: 3 of 4\n'],
  );

  write('[prometheus, debgu]');
  const wrong = await post(`${health}-/reload`);
  assert.equal(wrong.status, 400);
  assert.match(
    await wrong.text(),
    /collector\.yaml:3:\d+ .*got "debgu"; there is no such exporter below exporters\. Fix: write debug\./,
  );
  await until('it is in the log', () => /The configuration stays as it was: the new one is wrong\n.*debgu/.test(running.log()));

  // The same series, at the same listeners.
  assert.equal((await post(receiver, sum(8))).status, 200);
  assert.match(await (await fetch(scraped)).text(), /^jobs_done_total.* 8$/m);
  await until('debug prints', () => /data points.{0,3} 1/.test(running.log()));
});

test('a reload is asked for with POST, from no web page and through no proxy', { timeout: 60_000 }, async (t) => {
  const running = await serve(t, ['--config', config]);
  const url = `${running.urls[0]}-/reload`;
  assert.equal((await fetch(url)).status, 405);
  for (const [name, value] of [
    ['origin', 'http://localhost'],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
    ['x-forwarded-for', '203.0.113.7'],
    ['x-forwarded-for', ''],
    ['x-forwarded-host', 'metrics.example'],
    ['x-forwarded-proto', 'https'],
    ['forwarded', 'for=203.0.113.7'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '203.0.113.7'],
  ] as const)
    assert.equal((await fetch(url, { method: 'POST', headers: { [name]: value } })).status, 403, `${name}: ${value}`);
  assert.doesNotMatch(running.log(), /Reloading/);
  for (const site of ['same-origin', 'none'])
    assert.equal((await fetch(url, { method: 'POST', headers: { 'sec-fetch-site': site } })).status, 200, site);
});

test('a reload that replaces health_check where it listens is accepted, and the new one answers', {
  timeout: 60_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'collector.yaml');
  const at = await freePort();
  const write = (path: string) =>
    writeFileSync(
      file,
      config
        .slice('yaml:'.length)
        .replace('{health_check: {endpoint: "localhost:0"}}', `{health_check: {endpoint: "localhost:${at}", path: ${path}}}`),
    );
  write('/up');
  const running = await serve(t, ['--config', file]);
  write('/other');
  const accepted = await post(`http://localhost:${at}/-/reload`);
  assert.deepEqual(
    [accepted.status, await accepted.text()],
    [202, 'the configuration is being reloaded, and health_check with it: see the log\n'],
  );
  await until('the new configuration works', () =>
    running.log().includes('The new configuration works. replaced: extension health_check'),
  );
  assert.equal((await fetch(`http://localhost:${at}/other`)).status, 200);
  assert.equal((await fetch(`http://localhost:${at}/up`)).status, 404);
});
