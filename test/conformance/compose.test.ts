/** `deploy/compose.yaml`, by Debian's docker-compose, which reads and completes it. No daemon runs it here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { folderWith } from '../examples/example.ts';
import { requirePeer } from './peers.ts';
import { promtoolSays } from './promtool.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const file = join(deploy, 'compose.yaml');

function config(binary: string, env: Readonly<Record<string, string>>) {
  return spawnSync(binary, ['--file', file, 'config'], { encoding: 'utf8', env: { ...process.env, ...env } });
}

test('docker-compose config: the file is complete, and mounts what is there', (t: TestContext) => {
  const binary = requirePeer(t, 'compose');
  if (binary === undefined) return;
  const { status, stdout, stderr } = config(binary, { GRAFANA_PASSWORD: 's3cret' });
  assert.equal(status, 0, stderr);
  const { services, volumes } = parse(stdout);
  assert.deepEqual(Object.keys(services).sort(), ['grafana', 'meterbridge', 'prometheus']);
  const mounted: readonly string[] = Object.values(services).flatMap((service) => (service as { volumes: string[] }).volumes);
  assert.equal(mounted.length, 8);
  for (const mount of mounted) {
    const [from = '', , mode] = mount.split(':');
    if (from.startsWith('/')) assert.deepEqual([existsSync(from), mode], [true, 'ro'], mount);
    else assert.ok(from in volumes, mount);
  }
  const published: readonly string[] = Object.values(services).flatMap((service) => (service as { ports: string[] }).ports);
  for (const port of published) assert.match(port, /^127\.0\.0\.1:/);
});

test('docker-compose config: Grafana does not begin with a password that everybody knows', (t: TestContext) => {
  const binary = requirePeer(t, 'compose');
  if (binary === undefined) return;
  const { status, stderr } = config(binary, { GRAFANA_PASSWORD: '' });
  assert.notEqual(status, 0);
  assert.match(stderr, /choose a password/);
});

test('promtool check config: the Prometheus of compose.yaml, with its rules, under a name that the service accepts', (t: TestContext) => {
  const binary = requirePeer(t, 'promtool');
  if (binary === undefined) return;
  const { folder } = folderWith(t, 'of', 'this test');
  const { services } = parse(readFileSync(file, 'utf8'));
  for (const mount of services.prometheus.volumes) {
    const [from, to] = mount.split(':');
    if (from.startsWith('.')) cpSync(join(deploy, from), join(folder, to), { recursive: true });
  }
  const there = join(folder, 'etc/prometheus/prometheus.yml');
  assert.match(promtoolSays(binary, 'check', 'config', there), /SUCCESS: 1 rule files found[\s\S]*is valid prometheus config file syntax/);
  const targets: readonly string[] = parse(readFileSync(there, 'utf8')).scrape_configs.flatMap(
    ({ static_configs }: { static_configs: { targets: string[] }[] }) => static_configs[0]?.targets,
  );
  assert.deepEqual(targets, ['meterbridge:8889', 'meterbridge:8888']);
  const { command } = services.meterbridge;
  assert.equal(command[command.indexOf('--allowed-host') + 1], 'meterbridge');
});
