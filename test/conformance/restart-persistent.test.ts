/**
 * Example hosts with a database are killed with SIGKILL and started again, while a real Prometheus scrapes them: totals that
 * their documents call persistent go on, and `increase()` over it is what was really done.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { endless, folderWith, isGone, startExample } from '../examples/example.ts';
import { DEADLINE_MS, until } from '../until.ts';
import { assertIncrease, assertNeverFalls, assertStartsAgain, shows } from './increase.ts';
import { requirePeer } from './peers.ts';
import { isDown, lines, onePort, post, watch } from './restart.ts';

suite('killed and started again: totals that survive', { concurrency: true }, () => {
  test('RunWisp: its totals come from its database and survive', async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus');
    if (binary === undefined) return;
    const toml = `
[daemon]
metrics_enabled = true
token = "t0ken"
[tasks.good]
run = "echo $$ >> good"
[tasks.bad]
run = "echo $$ >> bad; exit 3"
[tasks.long]
run = "echo $$ >> long; exec sleep 3600"
[services.web]
run = "echo $$ >> web; exec sleep 3600"
`;
    const { folder, file } = folderWith(t, 'runwisp.toml', toml);
    const args = ['runwisp', '--config', file, '--port', await onePort()];
    const done = (task: string) => lines(join(folder, task)).length;
    const runs = (status: string) => `runwisp_runs_total{status="${status}"}`;

    const first = startExample(t, args);
    const { main, metrics } = await first.ready();
    const run = async (...tasks: string[]) => {
      for (const task of tasks) assert.equal((await post(`${main}/api/tasks/${task}/run`)).status, 202);
    };
    const prometheus = await watch(t, binary, metrics);
    await run('good', 'good', 'bad', 'good', 'bad');
    await shows(prometheus, runs('success'), 3);
    await shows(prometheus, runs('failed'), 2);
    await run('long');
    await until('runs', () => done('long') === 1 && done('web') === 1);
    await first.kill();
    await isDown(prometheus);

    const second = startExample(t, args);
    await second.ready();
    await run('good', 'bad', 'bad');
    await shows(prometheus, runs('success'), 4);
    // The task and the service that were killed with their daemon have failed, too.
    await shows(prometheus, runs('failed'), 6);
    await until('the service is back', () => done('web') === 2);
    for (const [status, risen] of [
      ['success', 4],
      ['failed', 6],
      ['missed', 0],
    ] as const) {
      await assertIncrease(prometheus, runs(status), risen);
      await assertNeverFalls(prometheus, runs(status));
    }
    assert.deepEqual(['good', 'bad', 'long'].map(done), [4, 4, 1], 'each run was made once');
    const database = new DatabaseSync(join(folder, '.runwisp', 'runs.db'), { readOnly: true, timeout: DEADLINE_MS });
    const recorded = database.prepare('SELECT status, count(*) AS count FROM runs GROUP BY status ORDER BY status').all();
    database.close();
    assert.deepEqual(
      recorded.map(({ status, count }) => [status, count]),
      [
        ['failed', 6],
        ['running', 1],
        ['success', 4],
      ],
    );
    await assertStartsAgain(prometheus, 'runwisp_daemon_uptime_seconds');
    const pids = ['long', 'web'].flatMap((task) => lines(join(folder, task)).map(Number));
    await until('nothing of the first life goes on beside the second', () => pids.filter((pid) => !isGone(pid)).length === 1);
    assert.equal(await second.stop(), 0);
  });

  test('crewshipd: its journal and its ledger survive, and what Prometheus had not seen yet is not lost', async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus');
    if (binary === undefined) return;
    const { folder } = folderWith(t, 'nothing', '');
    const env = { CREWSHIP_DATA_DIR: folder, CREWSHIP_PORT: await onePort(), CREWSHIP_INTERNAL_TOKEN: 't0ken' };
    const first = startExample(t, ['crewshipd'], env);
    const { main, metrics } = await first.ready();
    const internal = `${main}/api/v1/internal/assignments`;
    const queue = async (prompt: string, maxTokens = 5) => {
      const { status, body } = await post(internal, { crew: 'blue', prompt, maxTokens, timeoutMs: 600_000 });
      assert.equal(status, 202);
      return async (ending: string) =>
        until(`${prompt} ${ending}`, async () => {
          const answer = await fetch(`${internal}/${body.id}`, { headers: { authorization: 'Bearer t0ken' } });
          return ((await answer.json()) as { status: string }).status === ending;
        });
    };
    await (await queue('one'))('COMPLETED');
    const prometheus = await watch(t, binary, metrics);
    const own = `hostname=${JSON.stringify(hostname())}`;
    const events = (event: string) => `crewshipd_agent_run_events_total{event="${event}",${own}}`;
    const calls = `crewshipd_llm_calls_total{${own},provider="stand-in"}`;
    await shows(prometheus, calls, 1);
    // The database is read every 15 s, so the next ones are not seen before the end.
    for (const prompt of ['two', 'three']) await (await queue(prompt))('COMPLETED');
    const cutOff = await queue('on and on', 100_000);
    await cutOff('RUNNING');
    const queued = await queue('afterwards');
    await first.kill();
    await isDown(prometheus);

    const second = startExample(t, ['crewshipd'], env);
    await second.ready();
    await cutOff('FAILED');
    await queued('COMPLETED');
    await (await queue('new'))('COMPLETED');
    await shows(prometheus, calls, 5);
    await shows(prometheus, events('completed'), 5);
    // Five words in and 25 out, less the first one's, which the first scrape had; 3 and 15 dollars a million.
    const cost = (4 * 1 * 3 + 4 * 5 * 15) / 1e6;
    const expected: [series: string, risen: number][] = [
      [events('started'), 5],
      [events('completed'), 4],
      [events('failed'), 1],
      [events('cancelled'), 0],
      [calls, 4],
      [`crewshipd_llm_cost_usd_total{${own},provider="stand-in"}`, cost],
    ];
    for (const [series, risen] of expected) {
      await assertIncrease(prometheus, series, risen);
      await assertNeverFalls(prometheus, series);
    }
    await assertStartsAgain(prometheus, 'crewshipd_uptime_seconds');
    assert.equal(await second.stop(), 0);
  });

  test('restic-manager: its inventory survives, also of a backup that was cut off; job durations start again', async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus');
    const restic = binary === undefined ? undefined : requirePeer(t, 'restic');
    if (binary === undefined || restic === undefined) return;
    const yaml = 'token: t0ken\nevery: 1h\nkeep: 10\nhosts:\n  - { name: web, folder: web }\n';
    const { folder, file } = folderWith(t, 'restic-manager.yaml', yaml);
    mkdirSync(join(folder, 'web'));
    writeFileSync(join(folder, 'web', 'index.html'), '<p>hello</p>');
    writeFileSync(join(folder, 'token'), 's3cret\n');
    const args = ['restic-manager', '--config', file, '--port', await onePort()];
    const env = {
      PATH: [dirname(restic), process.env.PATH].join(delimiter),
      RM_METRICS_TOKEN_FILE: join(folder, 'token'),
      RM_METRICS_TRUSTED_CIDR: '127.0.0.0/8',
    };
    const first = startExample(t, args, env);
    const { main, metrics } = await first.ready();
    const authorization = { type: 'Bearer', credentials_file: join(folder, 'token') };
    const prometheus = await watch(t, binary, metrics, { authorization });
    const jobs = (kind: string) => `rm_job_duration_seconds_count{kind="${kind}",status="succeeded"}`;
    await shows(prometheus, jobs('check'), 1);
    const [host] = await prometheus.query('rm_host_snapshot_count');
    const ask = (kind: string) => post(`${main}/api/hosts/${host?.labels.host_id}/jobs/${kind}`);
    // A first scrape has no rise; so one more of each.
    await ask('backup');
    await shows(prometheus, 'rm_host_snapshot_count', 2);
    await ask('check');
    await shows(prometheus, jobs('check'), 2);
    const seen = (await prometheus.samples(jobs('backup')))[0]?.[1] ?? 0;
    const backedUpAt = Number((await prometheus.query('rm_host_last_backup_timestamp_seconds'))[0]?.value);
    // Random, so that it fills packs, and then something that keeps the backup from ending before it is cut off.
    for (let at = 0; at < 32; at++) writeFileSync(join(folder, 'web', `noise-${at}`), randomBytes(1 << 20));
    const zeros = endless(join(folder, 'web', 'zeros'));
    const data = join(folder, '.restic-manager');
    const repository = join(data, 'repos', `${host?.labels.host_id}`);
    const packs = () => readdirSync(join(repository, 'data'), { recursive: true }).length;
    const packed = packs();
    await ask('backup');
    await until('backing up', () => packs() > packed);
    await first.kill();
    await isDown(prometheus);
    rmSync(zeros);

    const second = startExample(t, args, env);
    await second.ready();
    await shows(prometheus, jobs('check'), 1);
    const told = async (series: string) => Number((await prometheus.query(series))[0]?.value);
    const own = { RESTIC_REPOSITORY: repository, RESTIC_PASSWORD_FILE: join(data, 'password') };
    const snapshots = JSON.parse(execFileSync(restic, ['--no-cache', '--json', 'snapshots'], { env: own, encoding: 'utf8' }));
    await shows(prometheus, 'rm_host_snapshot_count', snapshots.length);
    await assertNeverFalls(prometheus, 'rm_host_snapshot_count');
    assert.ok((await told('rm_host_last_backup_timestamp_seconds')) > backedUpAt);
    for (const [series, value] of [
      ['sum(rm_active_alerts)', 0],
      ['rm_hosts_total', 1],
      ['rm_host_last_backup_success', 1],
    ] as const) {
      assert.equal(await told(series), value, series);
    }
    // In memory only: the second life's one backup after the first one's two, of which the first scrape had some.
    await assertIncrease(prometheus, jobs('backup'), 2 - seen + 1);
    await assertStartsAgain(prometheus, jobs('backup'));
    await assertIncrease(prometheus, jobs('check'), 2);
    assert.deepEqual(await prometheus.query('rm_job_duration_seconds_count{status!="succeeded"}'), []);
    assert.equal(await second.stop(), 0);
  });
});
