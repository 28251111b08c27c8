import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loopbackHosts, serviceHosts } from '../../src/listen/hosts.ts';

const loopback = ['localhost', 'LOCALHOST:4318', 'localhost.:4318', 'app.localhost', '127.0.0.1:4318', '127.9.9.9', '[::1]:4318'];
const addresses = ['192.0.2.1:4318', '[2001:db8::1]', '[2001:db8::1]:4318'];
const foreign = ['evil.example', 'evil.example:4318', '127.0.0.1.evil.example', 'localhost.evil.example', 'evillocalhost', 'evil.example.'];

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
