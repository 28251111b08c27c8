/** The files for `meterbridge serve`: what the machine's own tools say of them, and what the image must not have. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { components } from '../../src/service/components.ts';
import { readConfig } from '../../src/service/config/index.ts';
import { areas } from '../architecture/imports.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');
const unit = join(deploy, 'meterbridge.service');

/** Undefined, and said aloud, where the tool is not here. */
function analyze(t: TestContext, ...args: readonly string[]) {
  const run = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  if (run.error === undefined) return run;
  t.skip('systemd-analyze is not on this machine');
  return undefined;
}

test('systemd-analyze verify finds nothing in the unit', (t: TestContext) => {
  const run = analyze(t, 'verify', unit);
  if (run !== undefined) assert.deepEqual([run.status, run.stdout, run.stderr], [0, '', '']);
});

test('systemd-analyze security: exposure of at most 2.0', (t: TestContext) => {
  const run = analyze(t, 'security', '--offline=true', '--threshold=20', '--no-pager', unit);
  if (run !== undefined) assert.equal(run.status, 0, run.stdout.split('\n').slice(-3).join('\n'));
});

test('the unit reloads by the signal, takes notifications of children, and ends a service that stands still', () => {
  const lines = read('meterbridge.service').split('\n');
  for (const line of ['Type=notify', 'NotifyAccess=all', 'WatchdogSec=60s', 'ExecReload=/bin/kill -HUP $MAINPID'])
    assert.ok(lines.includes(line), line);
});

test('the image has no shell and no root: it begins from nothing, its commands are lists, its user is a number', () => {
  const final =
    read('Containerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  assert.match(final, /^scratch\n/);
  assert.doesNotMatch(final, /^RUN/m);
  assert.match(final, /^USER [1-9]\d*:[1-9]\d*$/m);
  const commands = [...final.matchAll(/^(?:HEALTHCHECK .*CMD|ENTRYPOINT|CMD) (.*)$/gm)].map(([, list = '']) => JSON.parse(list));
  assert.deepEqual(
    commands.map((list: readonly string[]) => list.find((word) => ['health', 'serve'].includes(word))),
    ['health', undefined, 'serve'],
  );
});

test('the image has each optional dependency that the service may load, by name: it has no npm to bring one later', () => {
  const command = /^RUN npm install (.*)$/m.exec(read('Containerfile'))?.[1] ?? '';
  assert.match(command, /--omit=optional/);
  const optional: Readonly<Record<string, string>> = manifest.optionalDependencies;
  const loaded = Object.entries(areas).flatMap(([area, { packages = [] }]) => (area.startsWith('src/service') ? packages : []));
  const needed = loaded.filter((name) => name in optional).map((name) => `${name}@${optional[name]}`);
  assert.deepEqual(
    command.split(' ').filter((word) => word.includes('@')),
    needed,
  );
});

test('the unit and the image start the service with collector.yaml, which the image takes from the package', () => {
  const there = '/etc/meterbridge/collector.yaml';
  for (const file of ['meterbridge.service', 'Containerfile']) assert.ok(read(file).includes(there), file);
  assert.match(
    read('Containerfile'),
    /^RUN install .* node_modules\/meterbridge\/deploy\/collector\.yaml \/image\/etc\/meterbridge\/collector\.yaml$/m,
  );
});

/** What listens in a configuration: `ADDRESS:PORT` by what stands there, for a value of LISTEN_ADDRESS. */
function addresses(env: Readonly<Record<string, string>>): readonly string[] {
  const config = parse(expanded(read('collector.yaml'), env));
  const { http, grpc } = config.receivers.otlp.protocols;
  const own = config.service.telemetry.metrics.readers.map(
    ({ pull }: { pull: { exporter: { prometheus: { host: string; port: number } } } }) => {
      const { host, port } = pull.exporter.prometheus;
      return `${host}:${port}`;
    },
  );
  return [http, grpc, config.exporters.prometheus, config.extensions.health_check].map(({ endpoint }) => endpoint).concat(own);
}

const expanded = (text: string, env: Readonly<Record<string, string>>) =>
  text.replaceAll(/\$\{env:(\w+):-([^}]*)\}/g, (_all, name: string, otherwise: string) => env[name] ?? otherwise);

test('collector.yaml: everything on loopback, and all but the health check where LISTEN_ADDRESS says', () => {
  const listening = (host: string) => [`${host}:4318`, `${host}:4317`, `${host}:8889`, '127.0.0.1:13133', `${host}:8888`];
  assert.deepEqual(addresses({}), listening('127.0.0.1'));
  assert.deepEqual(addresses({ LISTEN_ADDRESS: '0.0.0.0' }), listening('0.0.0.0'));
});

test('collector.yaml: the service takes all of it, without a warning; memory is limited, and nothing is printed', () => {
  const result = readConfig({ config: [join(deploy, 'collector.yaml')] }, components, { env: {} });
  assert.deepEqual([result.ok, result.warnings], [true, []]);
  const { service } = parse(read('collector.yaml'));
  assert.deepEqual(service.extensions, ['health_check']);
  assert.deepEqual(service.pipelines, {
    metrics: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['prometheus'] },
  });
});

test('serve.yml scrapes what collector.yaml serves', () => {
  const { scrape_configs: jobs } = parse(read('prometheus/serve.yml'));
  const targets: readonly string[] = jobs.flatMap(
    ({ static_configs }: { static_configs: { targets: string[] }[] }) => static_configs[0]?.targets,
  );
  assert.deepEqual(targets, ['127.0.0.1:8889', '127.0.0.1:8888']);
  for (const target of targets) assert.ok(addresses({}).includes(target), target);
});

test('Prometheus keeps the labels job and instance of the daemons, and has its own for the service', () => {
  const { scrape_configs: jobs } = parse(read('prometheus/serve.yml'));
  assert.deepEqual(
    jobs.map(({ job_name, honor_labels = false }: Record<string, unknown>) => [job_name, honor_labels]),
    [
      ['daemons', true],
      ['meterbridge', false],
    ],
  );
});
