/**
 * What stands around the nodes, with the recipe's own files: Collectors with `load-balancer.yaml`, a Prometheus with the job for
 * nodes.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { parse } from 'yaml';
import { folderWith } from '../../examples/example.ts';
import { bodyOf } from '../child.ts';
import { type Prometheus, runPrometheus } from '../prometheus.ts';
import type { Host, Network } from './namespaces.ts';

const deploy = join(import.meta.dirname, '../../../deploy');
const name = 'meterbridge-nodes';

export interface Balancer {
  /** For OTLP over HTTP. */
  readonly endpoint: string;
  /** Whether nodes have taken all that it has accepted. */
  empty(): Promise<boolean>;
}

/** @param over laid over its configuration: the Collector's `--config` */
export async function startBalancer(host: Host, binary: string, ...over: readonly string[]): Promise<Balancer> {
  const soon = 'yaml:exporters::loadbalancing::resolver::dns::interval: 1s';
  const configurations = [join(deploy, 'load-balancer.yaml'), soon, ...over].flatMap((one) => ['--config', one]);
  const child = host.start(binary, configurations, { LISTEN_ADDRESS: host.address, NODES: name });
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  return {
    endpoint: `http://${host.address}:4318`,
    async empty() {
      const page = (await bodyOf(`http://${host.address}:8888/metrics`)) ?? '';
      const [accepted, sent] = ['receiver_accepted', 'exporter_sent'].map(
        (what) => new RegExp(`^otelcol_${what}_metric_points\\{.*\\} (.*)$`, 'm').exec(page)?.[1],
      );
      return accepted !== undefined && accepted === sent;
    },
  };
}

export interface Fleet {
  readonly prometheus: Prometheus;
  /** What DNS and Prometheus' discovery say from now on. */
  announce(hosts: readonly Host[]): void;
}

/** @param binary of Prometheus */
export async function startFleet(t: TestContext, network: Network, binary: string): Promise<Fleet> {
  const { file: targets } = folderWith(t, 'targets.json', '[]');
  const jobs: { job_name: string; metric_relabel_configs: object }[] = parse(
    readFileSync(join(deploy, 'prometheus/kubernetes.yml'), 'utf8'),
  ).scrape_configs;
  const { job_name, metric_relabel_configs } = jobs.find((job) => job.job_name === 'nodes') ?? { job_name: 'none' };
  const job = { job_name, metric_relabel_configs, file_sd_configs: [{ files: [targets], refresh_interval: '1s' }] };
  const prometheus = await runPrometheus(t, binary, { scrape_configs: [job] });
  t.after(prometheus.stop);
  return {
    prometheus,
    announce(hosts) {
      const addresses = hosts.map(({ address }) => address);
      network.resolve(name, addresses);
      writeFileSync(`${targets}.new`, JSON.stringify([{ targets: addresses.map((address) => `${address}:8889`) }]));
      renameSync(`${targets}.new`, targets);
    },
  };
}
