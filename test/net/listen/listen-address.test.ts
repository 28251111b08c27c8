import assert from 'node:assert/strict';
import test from 'node:test';
import { bindTarget, isLoopbackHost, parseListenAddress } from '../../../src/net/listen/listen-address.ts';

for (const [text, host, port] of [
  ['127.0.0.1:9478', '127.0.0.1', 9478],
  ['127.8.9.1:0', '127.8.9.1', 0],
  ['[::1]:9478', '::1', 9478],
  ['[::]:9478', '::', 9478],
  ['localhost:65535', 'localhost', 65535],
  [':9478', '', 9478],
  ['0.0.0.0:9478', '0.0.0.0', 9478],
  ['metrics.example.org:80', 'metrics.example.org', 80],
] as const) {
  test(`read: ${text}`, () => assert.deepEqual(parseListenAddress(text, 'listen'), { ok: true, address: { host, port } }));
}

for (const [text, rule] of [
  ['', /no port/],
  ['9478', /no port/],
  ['localhost', /no port/],
  ['[::1]', /no port/],
  ['localhost:', /port .* 0 to 65535/],
  ['localhost:http', /port .* 0 to 65535/],
  ['localhost:65536', /port .* 0 to 65535/],
  ['localhost:-1', /port .* 0 to 65535/],
  ['localhost:1e3', /port .* 0 to 65535/],
  ['::1:9478', /IPv6 address in brackets/],
  ['[127.0.0.1]:9478', /IPv6 address in brackets/],
  ['http://127.0.0.1:9478', /the host of a listen address/],
  ['local host:9478', /the host of a listen address/],
] as const) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    const result = parseListenAddress(text, 'metrics_listen');
    assert.ok(!result.ok);
    assert.match(result.problems.map((problem) => problem.rule).join('\n'), rule);
    assert.deepEqual([...new Set(result.problems.map((problem) => problem.at))], ['metrics_listen']);
    assert.equal(result.problems[0]?.got, JSON.stringify(text));
  });
}

// What a configuration has without quotes: YAML reads a port as a number.
for (const [value, got, fix] of [
  [9478, '9478', 'write "127.0.0.1:9478", in quotes'],
  [undefined, 'nothing', 'write "127.0.0.1:2525", in quotes'],
  [{ port: 9478 }, '{"port":9478}', 'write "127.0.0.1:2525", in quotes'],
] as const)
  test(`refused: ${got}, which is no string`, () => {
    const problem = { at: 'metrics.listen', got, rule: 'an address is a string of host and port', fix };
    assert.deepEqual(parseListenAddress(value, 'metrics.listen', 2525), { ok: false, problems: [problem] });
  });

test('all problems at once', () => {
  const result = parseListenAddress('a b:x', 'listen');
  assert.equal(!result.ok && result.problems.length, 2);
});

for (const [host, loopback] of [
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['', false],
  ['0.0.0.0', false],
  ['::', false],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['::ffff:192.0.2.1', false],
  ['fe80::1%lo', false],
  ['192.168.1.1', false],
  ['128.0.0.1', false],
] as const) {
  test(`${host === '' ? 'no host' : host} is ${loopback ? '' : 'not '}loopback`, async () => {
    assert.equal(isLoopbackHost(host), loopback);
    assert.equal((await bindTarget({ host, port: 0 })).loopback, loopback);
  });
}

for (const [name, addresses, loopback] of [
  ['a name of this machine', ['127.0.1.1'], true],
  ['a name that resolves off loopback', ['192.0.2.1'], false],
  ['a name that resolves to both', ['127.0.0.1', '192.0.2.1'], false],
] as const) {
  test(`${name} is bound by its first address`, async () => {
    const target = await bindTarget({ host: 'box', port: 0 }, async () => addresses);
    assert.deepEqual(target, { ip: addresses[0], loopback });
  });
}

test('localhost never asks the resolver', async () => {
  const target = await bindTarget({ host: 'localhost', port: 0 }, () => Promise.reject(new Error('asked')));
  assert.deepEqual(target, { ip: '127.0.0.1', loopback: true });
});

test('a name without an address rejects', async () => {
  await assert.rejects(bindTarget({ host: 'box', port: 0 }, async () => []));
});
