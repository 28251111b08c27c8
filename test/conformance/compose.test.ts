/** `deploy/compose.yaml`, by Debian's docker-compose, which reads and completes it. No daemon runs it here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { folderWith } from '../examples/example.ts';
import { command } from '../tools/cli/run-command.ts';
import { bodyOf } from './child.ts';
import { requirePeer } from './peers.ts';
import { promtoolSays } from './promtool.ts';
import { createNetwork } from './scale-out/namespaces.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const file = join(deploy, 'compose.yaml');

interface Services {
  readonly meterbridge: { readonly command: readonly string[]; readonly environment: Readonly<Record<string, string>> };
  readonly prometheus: { readonly volumes: readonly string[] };
}
const { services }: { services: Services } = parse(readFileSync(file, 'utf8'));

/** The path of a copy of the configuration of its Prometheus, beside what the container has mounted. */
function prometheusOf(t: TestContext): string {
  const { folder } = folderWith(t, 'of', 'this test');
  for (const mount of services.prometheus.volumes) {
    const [from = '', to = ''] = mount.split(':');
    if (from.startsWith('.')) cpSync(join(deploy, from), join(folder, to), { recursive: true });
  }
  return join(folder, 'etc/prometheus/prometheus.yml');
}

function config(binary: string, env: Readonly<Record<string, string>>) {
  return spawnSync(binary, ['--file', file, 'config'], { encoding: 'utf8', env: { ...process.env, ...env } });
}

test('docker-compose config: the file is complete, and mounts what is there', (t: TestContext) => {
  const binary = requirePeer(t, 'compose');
  if (binary === undefined) return;
  const { status, stdout, stderr } = config(binary, { GRAFANA_PASSWORD: 's3cret' });
  assert.equal(status, 0, stderr);
  const complete = parse(stdout);
  assert.deepEqual(Object.keys(complete.services).sort(), ['grafana', 'meterbridge', 'prometheus']);
  const mounted: readonly string[] = Object.values(complete.services).flatMap(
    (service) => (service as { volumes: string[] }).volumes,
  );
  assert.equal(mounted.length, 8);
  for (const mount of mounted) {
    const [from = '', , mode] = mount.split(':');
    if (from.startsWith('/')) assert.deepEqual([existsSync(from), mode], [true, 'ro'], mount);
    else assert.ok(from in complete.volumes, mount);
  }
  const published: readonly string[] = Object.values(complete.services).flatMap(
    (service) => (service as { ports: string[] }).ports,
  );
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
  const there = prometheusOf(t);
  assert.match(
    promtoolSays(binary, 'check', 'config', there),
    /SUCCESS: 1 rule files found[\s\S]*is valid prometheus config file syntax/,
  );
  const targets: readonly string[] = parse(readFileSync(there, 'utf8')).scrape_configs.flatMap(
    ({ static_configs }: { static_configs: { targets: string[] }[] }) => static_configs[0]?.targets,
  );
  assert.deepEqual(targets, ['meterbridge:8889', 'meterbridge:8888']);
});

test('Prometheus of compose.yaml finds the service by its name, both started as there, each in a namespace', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus3');
  const network = binary === undefined ? undefined : createNetwork(t);
  if (binary === undefined || network === undefined) return;
  const [one, other] = [network.add(), network.add()];
  network.resolve('meterbridge', [one.address]);
  const args = services.meterbridge.command.map((arg) =>
    arg === '/etc/meterbridge/collector.yaml' ? join(deploy, 'collector.yaml') : arg,
  );
  const service = one.start(process.execPath, [...command, ...args], services.meterbridge.environment);
  await service.until('ready', () => service.stderr().includes('Everything is ready.'));

  const there = prometheusOf(t);
  writeFileSync(there, readFileSync(there, 'utf8').replace('scrape_interval: 15s', 'scrape_interval: 1s'));
  const listen = `--web.listen-address=${other.address}:9090`;
  const prometheus = other.start(binary, [`--config.file=${there}`, `--storage.tsdb.path=${join(there, '../data')}`, listen]);
  await prometheus.until('both are up', async () => {
    const body = await bodyOf(`http://${other.address}:9090/api/v1/query?query=up`);
    const { result = [] } = body === undefined ? {} : JSON.parse(body).data;
    const up = result
      .map(({ metric, value }: { metric: { job: string }; value: [number, string] }) => `${metric.job} ${value[1]}`)
      .sort();
    return JSON.stringify(up) === '["daemons 1","meterbridge 1"]';
  });
});
