/** web-config.yml is Prometheus's format: promtool says of each file what Meterbridge says, and Prometheus scrapes behind one. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { contract, counter } from '../../src/index.ts';
import { testBridge } from '../../src/testing.ts';
import { bad } from '../net/web-config/bad-cases.ts';
import { certificates, good, rightHash } from '../net/web-config/good-cases.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-web-config-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(certificates, folder, { recursive: true });
  return folder;
}

function promtoolSays(promtool: string, folder: string, yaml: string): { accepts: boolean; text: string } {
  const path = join(folder, 'web-config.yml');
  writeFileSync(path, yaml);
  const run = spawnSync(promtool, ['check', 'web-config', path], { encoding: 'utf8' });
  if (run.error !== undefined) throw run.error;
  return { accepts: run.status === 0, text: `${run.stdout}${run.stderr}` };
}

test('promtool accepts and refuses the same files', (t) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  const folder = folderOf(t);
  for (const [ours, cases] of [
    ['accepted', good],
    ['refused', bad],
  ] as const) {
    for (const { what, yaml, promtool: except } of cases) {
      const { accepts, text } = promtoolSays(promtool, folder, yaml);
      if (except === 'newer') assert.match(text, /field \S+ not found/, `${what}: promtool should not know a key of it`);
      else assert.equal(accepts ? 'accepted' : 'refused', except === 'lenient' ? 'accepted' : ours, `${what}: ${text}`);
    }
  }
});

for (const thread of [false, true]) {
  test(`Prometheus scrapes with tls_config and basic_auth, ${thread ? 'a thread of its own' : "the host's thread"}`, async (t) => {
    const [prometheus, promtool] = [requirePeer(t, 'prometheus'), requirePeer(t, 'promtool')];
    if (prometheus === undefined || promtool === undefined) return;
    const folder = folderOf(t);
    const yaml = `tls_server_config:
  cert_file: server.pem
  key_file: server.key.pem
  client_ca_file: authority.pem
  client_auth_type: RequireAndVerifyClientCert
basic_auth_users:
  alice: ${rightHash}
`;
    const { accepts, text } = promtoolSays(promtool, folder, yaml);
    assert.ok(accepts, text);

    const { bridge, metrics } = testBridge(contract('backups', { runs: counter({ unit: '{run}', help: 'Finished runs.' }) }));
    t.after(() => bridge.close());
    metrics.runs.add(3);
    const { url } = await bridge.listen('127.0.0.1:0', { webConfig: join(folder, 'web-config.yml'), thread });
    assert.match(url, /^https:\/\//);
    const job = {
      job_name: 'daemon',
      scheme: 'https',
      static_configs: [{ targets: [new URL(url).host] }],
      tls_config: {
        ca_file: join(folder, 'authority.pem'),
        cert_file: join(folder, 'client.pem'),
        key_file: join(folder, 'client.key.pem'),
      },
      basic_auth: { username: 'alice', password: 'right' },
    };
    const server = await runPrometheus(t, prometheus, { scrape_configs: [job] });
    t.after(() => server.stop());
    const at = await server.scraped();
    assert.deepEqual(await server.query('backups_runs_total', at), [{ labels: { __name__: 'backups_runs_total' }, value: '3' }]);
  });
}
