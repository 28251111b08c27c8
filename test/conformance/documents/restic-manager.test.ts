/**
 * What restic-manager's document asks of Prometheus and promtool, in its order, on the example that backs up with the real
 * restic.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { folderWith, startExample } from '../../examples/example.ts';
import { certificate, certificates } from '../../net/web-config/good-cases.ts';
import { until } from '../../until.ts';
import { type Peer, requirePeer } from '../peers.ts';
import { runPrometheus } from '../prometheus.ts';
import { checkMetrics, promtoolSays } from '../promtool.ts';
import { startReverseProxy } from './reverse-proxy.ts';

const SCRAPE_CONFIG = `
scrape_configs:
  - job_name: restic-manager
    metrics_path: /metrics
    scheme: https
    static_configs:
      - targets: ['restic.example.com']
    authorization:
      type: Bearer
      credentials_file: /etc/prometheus/secrets/rm_metrics_token
`;
const CONFIG = `
port: 0
every: 1h
hosts:
  - { name: web-1, folder: web }
`;
const TOKEN = 's3cret';
const CLIENT = '10.1.2.3';

/** Behind both switches, and a proxy for TLS; resolves after its first backup. */
async function startFleet(t: TestContext, restic: string, tokenFile: string) {
  const { file, folder } = folderWith(t, 'restic-manager.yaml', CONFIG);
  mkdirSync(join(folder, 'web'));
  writeFileSync(join(folder, 'web', 'index.html'), '<p>hello</p>');
  const { metrics } = await startExample(t, ['restic-manager', '--config', file], {
    PATH: [dirname(restic), process.env.PATH].join(delimiter),
    RM_METRICS_TOKEN_FILE: tokenFile,
    RM_METRICS_TRUSTED_CIDR: '10.0.0.0/8,127.0.0.1/32',
    RM_TRUSTED_PROXY: '127.0.0.1/32',
  }).ready();
  const url = metrics as string;
  const page = async () => (await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  await until('it is backed up', async () => /_count\{kind="backup",status="succeeded"\} 1$/m.test(await page()));
  const tls = { cert: certificate('server.pem'), key: certificate('server.key.pem') };
  return { url, page, https: await startReverseProxy(t, url, { client: CLIENT, tls }) };
}

/** Names that promtool would not give: the document's. */
const remarks = [
  'rm_host_snapshot_count non-histogram and non-summary metrics should not have "_count" suffix',
  'rm_hosts_total non-counter metrics should not have "_total" suffix',
];

test('restic-manager at work, seen by promtool and by Prometheus', async (t: TestContext) => {
  const names: readonly Peer[] = ['restic', 'promtool', 'prometheus', 'prometheus3'];
  const [restic, promtool, prometheus2, prometheus3] = names.map((name) => requirePeer(t, name));
  if (restic === undefined || promtool === undefined || prometheus2 === undefined || prometheus3 === undefined) return;
  const tokenFile = folderWith(t, 'rm_metrics_token', `${TOKEN}\n`).file;
  const { url, page, https } = await startFleet(t, restic, tokenFile);

  await t.test('promtool finds nothing in its page but the two names of the document that it would not give', async () =>
    assert.deepEqual(checkMetrics(promtool, await page()), remarks),
  );

  const config = SCRAPE_CONFIG.replace('/etc/prometheus/secrets/rm_metrics_token', tokenFile);
  await t.test('promtool accepts the scrape configuration of the document', () =>
    assert.match(
      promtoolSays(promtool, 'check', 'config', folderWith(t, 'prometheus.yml', config).file),
      /is valid prometheus config/,
    ),
  );

  /** As it stands there, but for this machine's authority; and without `scheme`, straight to the server. */
  const [job] = parse(config).scrape_configs;
  const at = (target: string) => [{ targets: [new URL(target).host] }];
  const tls_config = { ca_file: new URL('authority.pem', certificates).pathname };
  const scrape_configs = [
    { ...job, static_configs: at(https), tls_config },
    { ...job, scheme: undefined, job_name: 'without TLS', static_configs: at(url) },
    { ...job, scheme: undefined, job_name: 'without a token', static_configs: at(url), authorization: undefined },
  ];
  async function scrapedBy(t: TestContext, binary: string): Promise<void> {
    const prometheus = await runPrometheus(t, binary, { scrape_configs });
    t.after(prometheus.stop);
    const one = async (promql: string) => (await prometheus.query(promql))[0]?.value;
    const up = async (job: string) => one(`up{job="${job}"}`);
    await until('two are up, and the third is not', async () => {
      const ups = await Promise.all(scrape_configs.map(({ job_name }) => up(job_name)));
      return ups.join() === '1,1,0';
    });
    for (const job of ['restic-manager', 'without TLS']) {
      assert.equal(await one(`rm_hosts_total{job="${job}"}`), '1');
      assert.equal(await one(`sum(rm_job_duration_seconds_count{job="${job}", kind="backup", status="succeeded"})`), '1');
    }
    assert.equal(await one('count({job="without a token", __name__=~"rm_.*"})'), undefined);
  }
  await t.test('Prometheus 2 scrapes with it, over TLS and without', (t) => scrapedBy(t, prometheus2));
  await t.test('Prometheus 3 scrapes with it, over TLS and without', (t) => scrapedBy(t, prometheus3));
});
