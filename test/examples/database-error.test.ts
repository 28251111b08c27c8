/**
 * A database that fails under a daemon at work: it goes on, says so once, shows its last good values, and writes later what it
 * owes.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { scrape } from '../../examples/demo/sample.ts';
import { requirePeer } from '../conformance/peers.ts';
import { testInFull } from '../full.ts';
import { until } from '../until.ts';
import { startCapture } from './capture.ts';
import { type Example, folderWith, pushingTo, startExample } from './example.ts';

/** As another program does it, at the daemon's back. */
function otherHand(t: TestContext, ...path: readonly string[]) {
  const database = new DatabaseSync(join(...path), { timeout: 60_000 });
  t.after(() => database.close());
  return { exec: (sql: string) => database.exec(sql), get: (sql: string) => database.prepare(sql).get() };
}

async function says(daemon: Example, text: string): Promise<void> {
  let ended = false;
  void daemon.ended.then(() => {
    ended = true;
  });
  await until(text, () => {
    assert.ok(!ended, `it has ended: ${daemon.stderr()}`);
    return daemon.stderr().includes(text);
  });
}

function assertSaidOnce(daemon: Example, text: string): void {
  assert.equal(daemon.stderr().split(text).length - 1, 1, `${text} once in ${daemon.stderr()}`);
}

const RUNWISP = `
[daemon]
port = 0
metrics_enabled = true
token = "t0ken"
[tasks.due]
run = "true"
every = "200ms"
[tasks.long]
run = "until [ -e end ]; do sleep 0.05; done"
[services.web]
run = "sleep 0.2"
`;
const succeeded = 'runwisp_runs_total{status="success"}';

testInFull('a RunWisp whose database is locked', async (t) => {
  const { folder, file } = folderWith(t, 'runwisp.toml', RUNWISP);
  const daemon = startExample(t, ['runwisp', '--config', file]);
  const { main, metrics } = await daemon.ready();
  const start = () => fetch(`${main}/api/tasks/long/run`, { method: 'POST', headers: { authorization: 'Bearer t0ken' } });
  const { run } = (await (await start()).json()) as { run: number };
  await until('a success', async () => ((await scrape(metrics as string))?.get(succeeded) ?? 0) > 0);
  const other = otherHand(t, folder, '.runwisp', 'runs.db');
  other.exec('BEGIN IMMEDIATE');
  writeFileSync(join(folder, 'end'), '');
  await says(daemon, 'settling a schedule has failed, and is tried again: database is locked');
  await says(daemon, 'ending a run has failed, and is tried again: database is locked');
  assert.equal((await start()).status, 503);
  const samples = await scrape(metrics as string);
  assert.ok((samples?.get(succeeded) ?? 0) > 0);
  other.exec('ROLLBACK');
  await says(daemon, 'settling a schedule: it works again');
  await says(daemon, 'ending a run: it works again');
  await until(
    'more successes',
    async () => ((await scrape(metrics as string))?.get(succeeded) ?? 0) > (samples?.get(succeeded) ?? 0),
  );
  await until('the run has its end', () => other.get(`SELECT status FROM runs WHERE id = ${run}`)?.status === 'success');
  assertSaidOnce(daemon, 'settling a schedule has failed');
  assertSaidOnce(daemon, 'ending a run has failed');
  assert.equal(await daemon.stop(), 0);
});

test('a crewshipd whose journal is gone, and what its last push says', async (t) => {
  const { folder } = folderWith(t, 'empty', '');
  const capture = await startCapture();
  t.after(capture.close);
  const env = {
    CREWSHIP_DATA_DIR: folder,
    CREWSHIP_PORT: '0',
    CREWSHIP_INTERNAL_TOKEN: 'int3rnal',
    ...pushingTo(capture.endpoint),
  };
  const daemon = startExample(t, ['crewshipd'], env);
  const { main, metrics } = await daemon.ready();
  const queue = (crew: string, maxTokens: number) =>
    fetch(`${main}/api/v1/internal/assignments`, {
      method: 'POST',
      headers: { authorization: 'Bearer int3rnal', 'content-type': 'application/json' },
      body: JSON.stringify({ crew, prompt: 'a', maxTokens }),
    });
  const other = otherHand(t, folder, 'crewship.db');
  const completed = () => other.get("SELECT count(*) AS rows FROM assignments WHERE status = 'COMPLETED'")?.rows;
  // At work for two seconds at least, so that the journal goes meanwhile on a busy machine, too.
  await queue('alpha', 1_000);
  await until('at work', () => other.get("SELECT 1 AS one FROM assignments WHERE status = 'RUNNING'") !== undefined);
  other.exec('ALTER TABLE journal RENAME TO gone');
  await says(daemon, 'ending an assignment has failed, and is tried again: no such table');
  assert.equal((await queue('beta', 1)).status, 202);
  await says(daemon, 'taking from the queue has failed, and is tried again: no such table');
  const shown = await scrape(metrics as string);
  other.exec('ALTER TABLE gone RENAME TO journal');
  await until('both are completed', () => completed() === 2);
  await says(daemon, 'taking from the queue: it works again');
  assertSaidOnce(daemon, 'ending an assignment has failed');
  assertSaidOnce(daemon, 'taking from the queue has failed');
  assert.ok(shown !== undefined);
  // Within the 15 s of this reading the last push has another one.
  assert.equal(await daemon.stop(), 0);
  const last = [...(capture.samples() ?? [])].find(
    ([name]) => name.includes('assignments{') && name.includes('status="completed"'),
  );
  assert.equal(last?.[1], 2);
});

testInFull('a restic-manager whose inventory is gone', async (t) => {
  const restic = requirePeer(t, 'restic');
  if (restic === undefined) return;
  const { folder, file } = folderWith(t, 'restic-manager.yaml', 'port: 0\nevery: 100ms\nhosts: [{name: web, folder: web}]\n');
  mkdirSync(join(folder, 'web'));
  const env = { PATH: [dirname(restic), process.env.PATH].join(delimiter), RM_METRICS_TRUSTED_CIDR: '127.0.0.0/8' };
  const daemon = startExample(t, ['restic-manager', '--config', file], env);
  const { metrics } = await daemon.ready();
  const enrolled = async () => (await scrape(metrics as string))?.get('rm_hosts_total');
  await until('enrolled', async () => (await enrolled()) === 1);
  const other = otherHand(t, folder, '.restic-manager', 'fleet.db');
  other.exec('ALTER TABLE hosts RENAME TO gone');
  await says(daemon, 'reading the inventory has failed, and is tried again: no such table: hosts');
  assert.equal(await enrolled(), 1, 'the last good value');
  await sleep(300);
  other.exec('ALTER TABLE gone RENAME TO hosts');
  await says(daemon, 'reading the inventory: it works again');
  assertSaidOnce(daemon, 'reading the inventory has failed');
  assert.equal(await enrolled(), 1);
  assert.equal(await daemon.stop(), 0);
});
