/** The manifests: they run the files that an operator without Kubernetes copies, and name what they say to each other alike. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { components } from '../../src/service/components.ts';
import { readConfig } from '../../src/service/config/index.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly limits: Readonly<Record<string, string>>; readonly requests: Readonly<Record<string, string>> };
  readonly securityContext: object;
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly port: string } } | undefined;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: {
        readonly securityContext: object;
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
      };
    };
  };
}

const files = ['gateway', 'sidecar', 'scale-out'] as const;
const manifests = (file: string) => parseAllDocuments(read(`kubernetes/${file}.yaml`)).map((one) => one.toJS() as Manifest);
const of = (file: string, kind: string) => manifests(file).filter((one) => one.kind === kind);
const pods = files.flatMap((file) => [...of(file, 'Deployment'), ...of(file, 'StatefulSet')].map(({ spec }) => spec.template));
const containersOf = ({ spec }: Manifest['spec']['template']) => [...(spec.initContainers ?? []), ...spec.containers];
const configurations = (file: string) => of(file, 'ConfigMap').flatMap(({ data = {} }) => Object.entries(data));

test('every container: no root, nothing to write to, no rights, limits, and probes at ports that it has', () => {
  const containers = pods.flatMap(containersOf);
  assert.equal(containers.length, 5);
  for (const { spec } of pods) {
    const { runAsNonRoot, seccompProfile } = spec.securityContext as Record<string, unknown>;
    assert.deepEqual([runAsNonRoot, seccompProfile], [true, { type: 'RuntimeDefault' }]);
  }
  for (const { name, resources, securityContext, ports = [], ...others } of containers) {
    const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = securityContext as Record<string, unknown>;
    assert.deepEqual([allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities], [false, true, { drop: ['ALL'] }], name);
    assert.ok('memory' in resources.limits && 'memory' in resources.requests && 'cpu' in resources.requests, name);
    const probes = Object.entries(others).filter(([key]) => key.endsWith('Probe')) as [string, { httpGet: { port: string } }][];
    assert.equal(probes.length, name === 'shop' ? 0 : 2, name);
    for (const [, { httpGet }] of probes)
      assert.ok(ports.map((port) => port.name).includes(httpGet.port), `${name}: ${httpGet.port}`);
  }
});

test('the gateway and the nodes have the configuration of collector.yaml, but that the kubelet reaches the health check', () => {
  const expected = parse(read('collector.yaml'));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the Collector's
  expected.extensions.health_check.endpoint = '${env:LISTEN_ADDRESS:-127.0.0.1}:13133';
  for (const file of ['gateway', 'scale-out']) {
    const [[name, text = ''] = []] = configurations(file);
    assert.deepEqual([name, parse(text)], ['collector.yaml', expected], file);
  }
});

test('the Collectors in front of the nodes have the configuration of load-balancer.yaml', () => {
  const [, [name, text = ''] = []] = configurations('scale-out');
  assert.deepEqual([name, parse(text)], ['load-balancer.yaml', parse(read('load-balancer.yaml'))]);
});

for (const file of files) {
  test(`${file}: the service takes its configuration without a warning, and every port of the pod is one where it listens`, () => {
    const [[, text = ''] = []] = configurations(file);
    const result = readConfig({ config: [`yaml:${text}`] }, components, { env: { LISTEN_ADDRESS: '0.0.0.0' } });
    assert.deepEqual([result.ok, result.warnings], [true, []]);
    const ports = pods.flatMap(containersOf).filter(({ name }) => name === 'meterbridge');
    const listening = [...text.matchAll(/:(\d{4,5})$|port: (\d+)/gm)].map(([, endpoint, port]) => Number(endpoint ?? port));
    for (const { containerPort } of ports[files.indexOf(file)]?.ports ?? [])
      assert.ok(listening.includes(containerPort), `${containerPort}`);
  });
}

test('the sidecar receives from its own pod only', () => {
  const [[, text = ''] = []] = configurations('sidecar');
  const { http, grpc } = parse(text).receivers.otlp.protocols;
  assert.deepEqual([http.endpoint, grpc.endpoint], ['127.0.0.1:4318', '127.0.0.1:4317']);
});

test('annotations name the port of the exposition', () => {
  const annotated = pods.map(({ metadata }) => metadata.annotations).filter((one) => one !== undefined);
  const both = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8889' };
  assert.deepEqual(annotated, [both, both]);
});

test('each Service leads to ports that its pods have, and the Collectors ask for the one of the nodes', () => {
  const named = pods
    .flatMap(containersOf)
    .flatMap(({ ports = [] }) => ports.map((port) => [port.name, port.containerPort] as const));
  const services = [...files, 'monitors'].flatMap((file) => of(file, 'Service'));
  assert.equal(services.length, 4);
  for (const { metadata, spec } of services) {
    for (const { port, targetPort } of spec.ports) {
      assert.ok(
        named.some(([name, at]) => name === targetPort && at === port),
        `${metadata.name}: ${targetPort} ${port}`,
      );
    }
  }
  assert.match(read('kubernetes/scale-out.yaml'), /\{ name: NODES, value: meterbridge-nodes \}/);
});
