/** A real Prometheus server that scrapes one endpoint every second, in a folder of its own that goes away with it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodyOf, freePorts, startChild } from './child.ts';

export interface QueryResult {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface Prometheus {
  /** An instant query; labels without `job` and `instance`. */
  query(promql: string): Promise<QueryResult[]>;
  /** Resolves once `up` is 1; rejects with the target's last error. */
  scraped(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPrometheus(binary: string, target: string): Promise<Prometheus> {
  const { host, pathname } = new URL(target);
  const folder = await mkdtemp(join(tmpdir(), 'meterbridge-prometheus-'));
  const [port] = await freePorts(1);
  const base = `http://127.0.0.1:${port}`;
  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - {job_name: daemon, metrics_path: ${pathname}, static_configs: [{targets: ['${host}']}]}
`,
  );
  const child = startChild(binary, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await child.until('ready', async () => (await bodyOf(`${base}/-/ready`)) !== undefined);

  async function query(promql: string): Promise<QueryResult[]> {
    const body = await bodyOf(`${base}/api/v1/query?${new URLSearchParams({ query: promql })}`);
    if (body === undefined) throw new Error(`Prometheus refuses the query ${promql}`);
    const answer = JSON.parse(body) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
    return answer.data.result.map(({ metric: { job: _, instance: __, ...labels }, value }) => ({ labels, value: value[1] }));
  }

  return Object.freeze({
    query,
    async scraped() {
      try {
        await child.until('up == 1', async () => (await query('up'))[0]?.value === '1', 30_000);
      } catch (error) {
        const targets = await bodyOf(`${base}/api/v1/targets`);
        throw new Error(`the target is not up: ${/"lastError":"[^"]*"/.exec(targets ?? '')?.[0] ?? targets}`, { cause: error });
      }
    },
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
