import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../../examples/demo/free-port.ts';
import { ownsLoopback, type Surroundings } from '../../../src/net/listen/container.ts';
import { openListener } from '../../../src/net/listen/open-listener.ts';

/** A pair's end, as container runtimes make it: without a device. */
const pod = { env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, exists: () => false, interfaces: () => ['lo', 'eth0'] };

const cases: readonly [name: string, found: Partial<Surroundings>, expected: boolean][] = [
  ['Docker', { env: {}, exists: (path) => path === '/.dockerenv' }, true],
  ['Podman', { env: {}, exists: (path) => path === '/run/.containerenv' }, true],
  ['Kubernetes', {}, true],
  ['an empty variable', { env: { KUBERNETES_SERVICE_HOST: '' } }, false],
  ['no container', { env: {} }, false],
  [
    "a container on its host's network, whose interface has a device",
    { exists: (path) => path === '/sys/class/net/eth0/device' },
    false,
  ],
  ['interfaces that cannot be listed', { interfaces: () => [] }, false],
  ['switched off', { env: { ...pod.env, METERBRIDGE_OWN_LOOPBACK: '1' } }, false],
];
for (const [name, found, expected] of cases) {
  test(`loopback is the container's own: ${name}`, () => assert.equal(ownsLoopback({ ...pod, ...found }), expected));
}

test('a loopback bind inside a container logs the fix, once; not of any port, of a public address, or where it is meant', async () => {
  const lines: string[] = [];
  const site = { handler: () => Promise.reject(new Error('not asked')), missing: () => Promise.reject(new Error('not asked')) };
  const options = { at: 'metrics_listen', log: (line: string) => void lines.push(line), surroundings: pod };
  const open = async (address: string, more = {}) => (await openListener(site, address, { ...options, ...more })).close();
  const port = await freePort();
  await open('127.0.0.1:0');
  await open('0.0.0.0:0', { public: true });
  await open(`127.0.0.1:${port}`, { ownLoopback: true });
  assert.deepEqual(lines, []);
  for (const _ of [1, 2]) await open(`127.0.0.1:${port}`);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    new RegExp(`^metrics_listen: 127\\.0\\.0\\.1:${port} .*listen on 0\\.0\\.0\\.0:${port} .* or, .* pass ownLoopback: true\\.$`),
  );
});
