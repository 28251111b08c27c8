import assert from 'node:assert/strict';
import test from 'node:test';
import { inContainer } from '../../src/pull/container.ts';
import { listen } from '../../src/pull/listen.ts';

for (const [name, env, file, expected] of [
  ['Docker', {}, '/.dockerenv', true],
  ['Podman', {}, '/run/.containerenv', true],
  ['Kubernetes', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, undefined, true],
  ['an empty variable', { KUBERNETES_SERVICE_HOST: '' }, undefined, false],
  ['neither', {}, undefined, false],
] as const) {
  test(`in a container: ${name}`, () =>
    assert.equal(
      inContainer(env, (path) => path === file),
      expected,
    ));
}

test('a loopback bind inside a container logs the fix, a public one does not', async (t) => {
  const before = process.env.KUBERNETES_SERVICE_HOST;
  process.env.KUBERNETES_SERVICE_HOST = '10.0.0.1';
  t.after(() => {
    if (before === undefined) delete process.env.KUBERNETES_SERVICE_HOST;
    else process.env.KUBERNETES_SERVICE_HOST = before;
  });
  const lines: string[] = [];
  const handler = () => Promise.reject(new Error('not asked'));
  const options = { at: 'metrics_listen', log: (line: string) => void lines.push(line) };
  const local = await listen(handler, '127.0.0.1:0', options);
  const open = await listen(handler, '0.0.0.0:0', { ...options, public: true });
  await Promise.all([local.close(), open.close()]);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    new RegExp(`^metrics_listen: 127\\.0\\.0\\.1:${local.address.port} .*listen on 0\\.0\\.0\\.0:${local.address.port}`),
  );
});
