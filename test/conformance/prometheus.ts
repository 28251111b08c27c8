/** A real Prometheus server that scrapes every second, in a folder of its own that goes away with it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { bodyOf, startChild } from './child.ts';

export interface QueryResult {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface ExemplarResult {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

export interface RuleState {
  readonly name: string;
  readonly health: 'unknown' | 'ok' | 'err';
  readonly lastError?: string;
}

export interface Prometheus {
  /** Where it listens: `http://HOST:PORT`. */
  readonly url: string;
  /** An instant query, for now or for a time in seconds since the epoch; labels without `job` and `instance`. */
  query(promql: string, at?: number): Promise<QueryResult[]>;
  /** The samples as scraped of the only series that the selector finds, oldest first: seconds since the epoch, and the value. */
  samples(selector: string): Promise<readonly (readonly [time: number, value: number])[]>;
  /** When a query has a result, each half second of the last hour: seconds since the epoch, ascending. */
  times(promql: string): Promise<readonly number[]>;
  /** All exemplars of a query's series: series and exemplar as the API gives them, without `job` and `instance`. */
  exemplars(promql: string): Promise<ExemplarResult[]>;
  /** Every rule of its rule files, with what became of its last evaluation. */
  rules(): Promise<RuleState[]>;
  /**
   * Resolves once `up` is 1 for every target, with the time of the scrapes, for queries: later ones may fail on a busy machine,
   * and then there is nothing *now*. Rejects with the targets' last error.
   */
  scraped(): Promise<number>;
  stop(): Promise<void>;
  /** SIGKILL; its data stay. */
  kill(): Promise<void>;
}

/** @param token what it sends as `Authorization: Bearer`; without one it sends nothing */
export function startPrometheus(t: TestContext, binary: string, target: string, token?: string): Promise<Prometheus> {
  const { host, pathname } = new URL(target);
  const authorization = token === undefined ? {} : { authorization: { credentials: token } };
  const job = { job_name: 'daemon', metrics_path: pathname, ...authorization, static_configs: [{ targets: [host] }] };
  return runPrometheus(t, binary, { scrape_configs: [job] });
}

/** What it is told, but for the `global` section; paths are absolute. */
export interface Configuration {
  /** Each with one target. */
  readonly scrape_configs: readonly object[];
  readonly rule_files?: readonly string[];
}

export interface Server {
  /** Beside those that every server here has. */
  readonly args?: readonly string[];
  /** Default: a port that is free. */
  readonly port?: number;
  /** With the data of an earlier server, or empty. Default: a folder of its own. */
  readonly folder?: string;
}

export const newFolder = () => mkdtemp(join(tmpdir(), 'meterbridge-prometheus-'));

/** When the test fails, what Prometheus had said is in its report. */
export async function runPrometheus(
  t: TestContext,
  binary: string,
  configuration: Configuration,
  { args = [], port = 0, folder: given }: Server = {},
): Promise<Prometheus> {
  const folder = given ?? (await newFolder());
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify({ ...configuration, global }));
  const child = startChild(t, binary, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--enable-feature=exemplar-storage',
    // It looks for targets every five seconds otherwise, at the start, too.
    '--scrape.discovery-reload-interval=100ms',
    ...args,
  ]);
  // Two threads write these lines, so they come in either order.
  const address = () => /msg="Listening on".*\baddress=(\S+)/.exec(child.stderr())?.[1];
  const ready = () => child.stderr().includes('Server is ready to receive web requests.');
  await child.until('ready', () => ready() && address() !== undefined);
  const base = `http://${address()}`;

  async function ask<R>(parameters: Record<string, string>): Promise<R[]> {
    const body = await bodyOf(`${base}/api/v1/query?${new URLSearchParams(parameters)}`);
    if (body === undefined) throw new Error(`Prometheus refuses the query ${parameters.query}`);
    return (JSON.parse(body) as { data: { result: R[] } }).data.result;
  }

  async function query(promql: string, at?: number): Promise<QueryResult[]> {
    const result = await ask<{ metric: Record<string, string>; value: [number, string] }>({
      query: promql,
      ...(at !== undefined && { time: String(at) }),
    });
    return result.map(({ metric: { job: _, instance: __, ...labels }, value }) => ({ labels, value: value[1] }));
  }

  async function samples(selector: string) {
    const [series, ...others] = await ask<{ values: [number, string][] }>({ query: `${selector}[1h]` });
    if (series === undefined || others.length > 0)
      throw new Error(`${selector} finds ${others.length === 0 ? 'none' : 'several'}`);
    return series.values.map(([time, value]) => [time, Number(value)] as const);
  }

  async function times(promql: string): Promise<readonly number[]> {
    const results = await ask<{ values: [number, string][] }>({ query: `(${promql})[1h:500ms]` });
    return results.flatMap(({ values }) => values.map(([time]) => time)).sort((one, other) => one - other);
  }

  async function exemplars(promql: string): Promise<ExemplarResult[]> {
    const range = { start: '0', end: String(Date.now() / 1_000 + 60) };
    const body = await bodyOf(`${base}/api/v1/query_exemplars?${new URLSearchParams({ query: promql, ...range })}`);
    if (body === undefined) throw new Error(`Prometheus refuses the query ${promql}`);
    const { data } = JSON.parse(body) as { data: ExemplarResult[] };
    return data.map(({ seriesLabels: { job: _, instance: __, ...seriesLabels }, exemplars }) => ({ seriesLabels, exemplars }));
  }

  async function rules(): Promise<RuleState[]> {
    const body = await bodyOf(`${base}/api/v1/rules`);
    if (body === undefined) throw new Error('Prometheus does not say how its rules are');
    const { data } = JSON.parse(body) as { data: { groups: { rules: RuleState[] }[] } };
    return data.groups.flatMap((group) => group.rules);
  }

  return Object.freeze({
    url: base,
    query,
    samples,
    times,
    exemplars,
    rules,
    async scraped() {
      let at = Number.NaN;
      try {
        await child.until('up == 1', async () => {
          const times = (await query('timestamp(up)')).map(({ value }) => Number(value));
          if (times.length < configuration.scrape_configs.length) return false;
          // The least of them: what was scraped up to then is complete for every target.
          at = Math.min(...times);
          return allUp(await query('up', at), configuration);
        });
        return at;
      } catch (error) {
        const targets = await bodyOf(`${base}/api/v1/targets`);
        throw new Error(`the target is not up: ${/"lastError":"[^"]*"/.exec(targets ?? '')?.[0] ?? targets}`, { cause: error });
      }
    },
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
    kill: child.kill,
  });
}

/** A target that was never scraped is not in `up`. */
function allUp(up: readonly QueryResult[], { scrape_configs }: Configuration): boolean {
  return up.length >= scrape_configs.length && up.every(({ value }) => value === '1');
}
