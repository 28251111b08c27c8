/**
 * `deploy/kubernetes/` and `deploy/prometheus/kubernetes.yml`: by Kubernetes' own schemas, by a real Prometheus, and by the
 * service that the manifest starts.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { folderWith } from '../examples/example.ts';
import { command } from '../tools/cli/run-command.ts';
import { until } from '../until.ts';
import { bodyOf, startChild } from './child.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');
const files = globSync('kubernetes/*.yaml', { cwd: deploy }).sort();

/** What kubectl-validate says of a file, with the schemas of the Prometheus Operator beside those of Kubernetes. */
function validated(binary: string, file: string) {
  const args = ['--version', '1.30', '--local-crds', join(dirname(binary), 'crds'), file];
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

test('kubectl-validate finds nothing wrong with the manifests', (t: TestContext) => {
  const binary = requirePeer(t, 'kubectlValidate');
  if (binary === undefined) return;
  assert.deepEqual(files, [
    'kubernetes/gateway.yaml',
    'kubernetes/monitors.yaml',
    'kubernetes/scale-out.yaml',
    'kubernetes/sidecar.yaml',
  ]);
  for (const file of files) {
    const { status, said } = validated(binary, join(deploy, file));
    assert.equal(status, 0, said);
  }
});

test('kubectl-validate finds what is wrong with a manifest: so it has the schemas', (t: TestContext) => {
  const binary = requirePeer(t, 'kubectlValidate');
  if (binary === undefined) return;
  for (const [file, right, wrong] of [
    ['gateway', 'periodSeconds: 5', 'periodSeconds: often'],
    ['sidecar', 'restartPolicy: Always', 'restartsPolicy: Always'],
    ['monitors', 'honorLabels: true', 'honorLabels: please'],
  ] as const) {
    const { file: broken } = folderWith(t, `${file}.yaml`, read(`kubernetes/${file}.yaml`).replace(right, wrong));
    const { status, said } = validated(binary, broken);
    assert.notEqual(status, 0, said);
  }
});

/** The status of the service for a request under this name, which no resolver here knows. */
function statusFor(address: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`http://${address}/`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

test('the gateway, started as its manifest does, answers under each name of its Service, and the kubelet’s probe', async (t) => {
  const address = '127.94.17.5';
  const [map, deployment] = parseAllDocuments(read('kubernetes/gateway.yaml')).map((one) => one.toJS());
  const { file } = folderWith(t, 'collector.yaml', map.data['collector.yaml']);
  const [{ args, ports, readinessProbe }] = deployment.spec.template.spec.containers;
  const given = args.map((arg: string) => (arg === '/etc/meterbridge/collector.yaml' ? file : arg));
  const child = startChild(t, process.execPath, [...command, ...given], { LISTEN_ADDRESS: address });
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  const { name } = deployment.metadata;
  for (const host of [name, `${name}.monitoring`, `${name}.monitoring.svc`, `${name}.monitoring.svc.cluster.local`]) {
    assert.equal(await statusFor(`${address}:4318`, `${host}:4318`), 404, host);
  }
  assert.equal(await statusFor(`${address}:4318`, 'other:4318'), 421);
  assert.equal(await statusFor(`${address}:8889`, '10.1.2.3:8889'), 404, 'Prometheus scrapes the pod’s address');
  const health = ports.find((port: { name: string }) => port.name === readinessProbe.httpGet.port).containerPort;
  assert.equal(await statusFor(`${address}:${health}`, '10.1.2.3:13133'), 200);
});

/** What a Prometheus in a cluster finds of a pod: one target for each port, with these labels. */
const pod = (name: string, ip: string, component: string, scrape: boolean, ports: readonly (readonly [string, number])[]) =>
  ports.map(([port, number]) => ({
    targets: [`${ip}:${number}`],
    labels: {
      __meta_kubernetes_pod_name: name,
      __meta_kubernetes_pod_ip: ip,
      __meta_kubernetes_pod_phase: 'Running',
      __meta_kubernetes_pod_container_port_name: port,
      __meta_kubernetes_pod_label_app_kubernetes_io_component: component,
      ...(scrape && {
        __meta_kubernetes_pod_annotation_prometheus_io_scrape: 'true',
        __meta_kubernetes_pod_annotation_prometheus_io_port: '8889',
      }),
    },
  }));
const own = [
  ['metrics', 8889],
  ['own-metrics', 8888],
  ['health', 13133],
] as const;

test('Prometheus: of the pods of these manifests, each exposition is scraped once, by the job that it belongs to', async (t) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const found = [
    ...pod('meterbridge-1', '127.94.18.1', 'gateway', true, [['otlp-http', 4318], ...own]),
    ...pod('shop-1', '127.94.18.2', '', true, own),
    ...pod('meterbridge-node-0', '127.94.18.3', 'node', false, own),
    ...pod('other-1', '127.94.18.4', 'web', false, [['metrics', 8889]]),
    { targets: ['[fd00::1]:13133'], labels: { ...pod('v6', '', 'gateway', true, own)[0]?.labels } },
  ];
  const jobs: Record<string, unknown>[] = parse(read('prometheus/kubernetes.yml')).scrape_configs;
  for (const job of jobs) assert.deepEqual(job.kubernetes_sd_configs, [{ role: 'pod' }]);
  const scrape_configs = jobs.map(({ kubernetes_sd_configs: _, ...job }) => ({ ...job, static_configs: found }));
  const prometheus = await runPrometheus(t, binary, { scrape_configs });
  t.after(prometheus.stop);

  interface Target {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
  }
  let targets: readonly Target[] = [];
  await until('targets', async () => {
    targets = JSON.parse((await bodyOf(`${prometheus.url}/api/v1/targets?state=active`)) ?? '').data.activeTargets;
    return targets.length >= 7;
  });
  assert.deepEqual(targets.map(({ scrapePool, scrapeUrl }) => `${scrapePool} ${scrapeUrl}`).sort(), [
    'daemons http://127.94.18.1:8889/metrics',
    'daemons http://127.94.18.2:8889/metrics',
    'daemons http://[fd00::1]:8889/metrics',
    'meterbridge http://127.94.18.1:8888/metrics',
    'meterbridge http://127.94.18.2:8888/metrics',
    'meterbridge http://127.94.18.3:8888/metrics',
    'nodes http://127.94.18.3:8889/metrics',
  ]);
});
