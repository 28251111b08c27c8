import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostOfRequest, loopbackHosts, serviceHosts } from '../../../src/net/listen/hosts.ts';
import { noOwnMetrics, startFrom } from '../../service/graph/rig.ts';
import { ask } from '../access/request-as.ts';

const loopback = ['localhost', 'LOCALHOST:4318', 'localhost.:4318', 'app.localhost', '127.0.0.1:4318', '127.9.9.9', '[::1]:4318'];
const addresses = ['192.0.2.1:4318', '[2001:db8::1]', '[2001:db8::1]:4318'];
const foreign = [
  'evil.example',
  'evil.example:4318',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evillocalhost',
  'evil.example.',
];

test('a service answers for loopback names, for every address and for its own names', () => {
  const check = serviceHosts(['Metrics.example.org', 'meterbridge']);
  const own = ['metrics.example.org:4318', 'METRICS.EXAMPLE.ORG.', 'meterbridge:4318', 'meterbridge.'];
  for (const host of [undefined, '', ...loopback, ...addresses, ...own]) assert.equal(check(host), undefined, host);
  for (const host of [...foreign, 'x.metrics.example.org', 'meterbridge.evil.example'])
    assert.match(check(host) ?? '', /^"[a-z0-9.]+" is no name of this server.* --allowed-host [a-z0-9.]+$/, host);
});

test('a service on all interfaces has no name of its own', () => {
  const check = serviceHosts(['']);
  for (const host of ['meterbridge:4318', 'evil.example']) assert.notEqual(check(host), undefined);
});

test('a refusal quotes no more of a name than it may, and proposes no option that is none', () => {
  const check = serviceHosts([]);
  assert.match(check('e'.repeat(5_000)) ?? '', /^"e{90,}….* --allowed-host NAME$/s);
  assert.ok((check('e'.repeat(5_000)) ?? '').length < 500);
  assert.match(check('a"; $(reboot) \u001b[31m') ?? '', / --allowed-host NAME$/);
});

test('a listener on loopback answers for loopback and the name in its address', () => {
  const check = loopbackHosts('Box.local');
  for (const host of [undefined, '', 'box.local:9464', 'box.local.', ...loopback]) assert.equal(check(host), undefined, host);
  for (const host of [...foreign, ...addresses]) assert.equal(check(host), 'this listener responds to loopback names only', host);
});

test('two Host headers leave the host open; a target in absolute form, and :authority, decide it ahead of Host (RFC 9112, sections 3.2 and 3.2.2)', () => {
  const requests: readonly (readonly [target: string, raw: readonly string[], host: string | undefined | null])[] = [
    ['/metrics', ['Host', 'a:1'], 'a:1'],
    ['/metrics', [], undefined],
    ['/metrics', ['Host', 'a', 'hOST', 'a'], null],
    ['http://evil.example/metrics', ['Host', 'localhost'], 'evil.example'],
    ['HTTP://u:p@evil.example:80?a=@b', ['Host', 'localhost'], 'evil.example:80'],
    ['http://localhost/', ['Host', 'a', 'Host', 'b'], null],
    ['http:///metrics', ['Host', 'localhost'], null],
    ['*', ['Host', 'a'], 'a'],
    ['/metrics', [':authority', 'a', 'host', 'b'], 'a'],
  ];
  for (const [target, raw, host] of requests) assert.equal(hostOfRequest(raw, target), host, `${target} ${raw}`);
});

test('a server answers 400 to two Host headers, and 421 to an absolute target of a foreign host', async (t) => {
  const { urls } = await startFrom(
    t,
    `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0'}}}}
exporters: {prometheus: {endpoint: '127.0.0.1:0'}}
service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}`,
  );
  assert.equal(urls().length, 2);
  for (const url of urls()) {
    const { port, pathname: path } = new URL(url);
    const status = async (target: string, lines: readonly string[]) =>
      (await ask(Number(port), { path: target, lines, method: 'POST', body: '{}' })).status;
    assert.equal(await status(path, ['Host: localhost']), 400);
    assert.equal(await status(`http://evil.example${path}`, []), 421);
    assert.notEqual(await status(`http://localhost${path}`, []), 421);
  }
});
