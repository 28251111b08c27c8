/** Which requests go through which proxy: the rules, and most cases, of golang.org/x/net/http/httpproxy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProxyOf, type Environment } from '../../../../src/service/exporters/otlp-http/proxy-of.ts';

const proxy = 'http://proxy.example:3128/';
const all = { HTTP_PROXY: proxy, HTTPS_PROXY: 'http://secure.example:3128' };

const chosen: readonly (readonly [url: string, env: Environment, proxy: string | undefined])[] = [
  ['http://collector.example', {}, undefined],
  ['http://collector.example', { HTTP_PROXY: '' }, undefined],
  ['http://collector.example', { HTTP_PROXY: proxy }, proxy],
  ['http://collector.example', { http_proxy: proxy }, proxy],
  ['http://collector.example', { HTTP_PROXY: proxy, http_proxy: 'http://other.example' }, proxy],
  ['http://collector.example', { HTTPS_PROXY: proxy }, undefined],
  ['https://collector.example', all, 'http://secure.example:3128/'],
  ['https://collector.example', { HTTP_PROXY: proxy }, undefined],
  ['http://collector.example', { HTTP_PROXY: 'proxy.example:3128' }, proxy],
  ['http://collector.example', { HTTP_PROXY: 'localhost:3128' }, 'http://localhost:3128/'],
  ['http://collector.example', { HTTP_PROXY: 'https://proxy.example' }, 'https://proxy.example/'],
  ['http://localhost:4318', all, undefined],
  ['http://127.0.0.1:4318', all, undefined],
  ['http://127.9.9.9:4318', all, undefined],
  ['https://[::1]:4318', all, undefined],
  ['http://localhost.example', all, proxy],
];

/** `NO_PROXY`, and the hosts that it keeps from the proxy and those that it does not. */
const exempt: readonly (readonly [list: string, without: readonly string[], through: readonly string[]])[] = [
  ['*', ['http://collector.example', 'http://10.0.0.1'], []],
  ['other.example, *', ['http://collector.example'], []],
  [
    'collector.example',
    ['http://collector.example', 'http://a.collector.example', 'http://COLLECTOR.example'],
    ['http://mycollector.example', 'http://example'],
  ],
  ['.collector.example', ['http://a.collector.example'], ['http://collector.example']],
  ['*.collector.example', ['http://a.collector.example'], ['http://collector.example']],
  [' a.example , b.example,', ['http://a.example', 'http://b.example'], ['http://c.example']],
  ['collector.example:4318', ['http://collector.example:4318'], ['http://collector.example', 'http://collector.example:43180']],
  ['collector.example:80', ['http://collector.example'], ['http://collector.example:4318']],
  ['10.0.0.1', ['http://10.0.0.1', 'http://10.0.0.1:4318'], ['http://10.0.0.10', 'http://110.0.0.1']],
  ['10.0.0.1:4318', ['http://10.0.0.1:4318'], ['http://10.0.0.1']],
  ['10.0.0.0/8', ['http://10.200.3.4:4318'], ['http://11.0.0.1', 'http://ten.example']],
  ['fd00::/8', ['http://[fd00::1]'], ['http://[fe80::1]', 'http://10.0.0.1']],
  ['[fd00::1]:4318', ['http://[fd00::1]:4318'], ['http://[fd00::1]']],
  ['fd00::1', ['http://[fd00::1]'], ['http://[fd00::2]']],
  ['10.0.0.0/99,:4318,,.', [], ['http://10.0.0.1', 'http://collector.example:4318']],
];

for (const [url, env, expected] of chosen)
  test(`${url} with ${JSON.stringify(env)} goes through ${expected ?? 'no proxy'}`, () => {
    assert.equal(createProxyOf(undefined, env)(new URL(url))?.href, expected);
  });

for (const [list, without, through] of exempt)
  test(`NO_PROXY=${list}`, () => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const proxyOf = createProxyOf(undefined, { HTTP_PROXY: proxy, [name]: list });
      for (const url of without) assert.equal(proxyOf(new URL(url)), undefined, url);
      for (const url of through) assert.equal(proxyOf(new URL(url))?.href, proxy, url);
    }
  });

test('proxy_url counts for every URL, whatever the variables say', () => {
  const proxyOf = createProxyOf('http://own.example', { ...all, NO_PROXY: '*' });
  for (const url of ['http://127.0.0.1', 'https://collector.example'])
    assert.equal(proxyOf(new URL(url))?.href, 'http://own.example/');
});

test('a variable that names no HTTP proxy is an error where it would count, without its text', () => {
  const proxyOf = createProxyOf(undefined, { HTTP_PROXY: 'socks5://user:pass@proxy.example' });
  assert.throws(() => proxyOf(new URL('http://collector.example')), {
    code: 'COLLECTOR_CONFIG_INVALID',
    message: /^(?!.*pass).*HTTP_PROXY: .*HTTP proxy/s,
  });
  for (const url of ['https://collector.example', 'http://127.0.0.1']) assert.equal(proxyOf(new URL(url)), undefined);
});
