/** The example RunWisp as a whole: real processes, a real database, real sockets. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { scrape } from '../../../examples/demo/sample.ts';
import { until } from '../../until.ts';
import { startCapture } from '../capture.ts';
import { folderWith, pushingTo, startExample, takenPort } from '../example.ts';

const CONFIG = `
[daemon]
port = 0
metrics_enabled = true
metrics_listen = "127.0.0.1:0"
token = "t0ken"

[tasks.good]
run = "echo $RUNWISP_TOKEN > seen"
[tasks.bad]
run = "exit 3"
[tasks.long]
run = "sleep 600"
[tasks.late]
run = "sleep 600"
timeout = "50ms"
[tasks.due]
run = "sleep 600"
every = "100ms"
[services.web]
run = "echo $$ > web.pid; exec sleep 600"
`;

const runs = (status: string) => `runwisp_runs_total{status="${status}"}`;
const active = (task: string, kind = 'task') => `runwisp_task_active_runs{kind="${kind}",task="${task}"}`;

test('a RunWisp runs, is pulled, ends with SIGTERM, and its totals survive', async (t) => {
  const { folder, file } = folderWith(t, 'runwisp.toml', CONFIG);
  const capture = await startCapture();
  t.after(capture.close);
  const env = {
    ...pushingTo(capture.endpoint),
    RUNWISP_TOKEN: 's3cret',
  };
  const daemon = startExample(t, ['runwisp', '--config', file], env);
  const { main, metrics, ...rest } = await daemon.ready();
  assert.deepEqual(rest, { ready: true });
  assert.ok(metrics);
  const value = async (series: string) => (await scrape(metrics))?.get(series);
  const run = (name: string, authorization?: string) =>
    fetch(`${main}/api/tasks/${encodeURIComponent(name)}/run`, {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
    });

  const health = (await (await fetch(`${main}/health`)).json()) as { status: string };
  assert.equal(health.status, 'ok');
  assert.equal((await fetch(`${main}/metrics`)).status, 404, 'not on the main listener');
  assert.equal((await fetch(new URL('/health', metrics))).status, 404, 'nothing else on the dedicated one');

  for (const wrong of [undefined, 'Bearer', 'Bearer t0ken', 'Basic s3cret', 'Bearer s3cret2']) {
    const refused = await run('good', wrong);
    assert.deepEqual([refused.status, refused.headers.get('www-authenticate')], [401, 'Bearer'], wrong);
  }
  assert.equal((await run('none', 'Bearer s3cret')).status, 404);
  assert.equal((await run('web', 'Bearer s3cret')).status, 404, 'a service is not started by hand');

  await until('the first slot of `due` has started, the second was missed', async () => ((await value(runs('missed'))) ?? 0) > 0);
  assert.equal((await run('good', 'bearer s3cret')).status, 202);
  await until('a success', async () => (await value(runs('success'))) === 1);
  assert.equal(readFileSync(join(folder, 'seen'), 'utf8'), '\n', 'a task does not see the token');
  assert.equal(await value('runwisp_runs_last_failure_timestamp_seconds'), undefined, 'absent until something fails');
  const begunAt = Math.floor(Date.now() / 1_000);
  await run('bad', 'Bearer s3cret');
  await run('late', 'Bearer s3cret');
  await run('long', 'Bearer s3cret');
  await until('two failures', async () => (await value(runs('failed'))) === 2);
  const failedAt = (await value('runwisp_runs_last_failure_timestamp_seconds')) as number;
  assert.ok(Number.isInteger(failedAt) && failedAt >= begunAt && failedAt <= Date.now() / 1_000, `${failedAt}`);

  const now = await scrape(metrics);
  assert.deepEqual([now?.get(active('long')), now?.get(active('bad')), now?.get(active('web', 'service'))], [1, 0, 1]);
  if (process.platform === 'linux') {
    assert.ok((now?.get('runwisp_daemon_memory_total_bytes') ?? 0) > (now?.get('runwisp_daemon_memory_used_bytes') ?? 0));
    assert.ok((now?.get('runwisp_task_memory_bytes{kind="service",task="web"}') ?? 0) > 0);
    assert.equal(now?.has('runwisp_task_memory_bytes{kind="task",task="bad"}'), false, 'only running tasks have memory');
  }

  await until(
    'the service has begun',
    () => existsSync(join(folder, 'web.pid')) && readFileSync(join(folder, 'web.pid'), 'utf8') !== '',
  );
  const web = Number(readFileSync(join(folder, 'web.pid'), 'utf8'));
  assert.equal(await daemon.stop(), 0);
  assert.equal(daemon.stdout().split('\n').length, 2, 'one line on standard output');
  assert.throws(() => process.kill(web, 0), 'the service has ended with the daemon');
  const last = capture.samples();
  assert.deepEqual(
    [last?.get(runs('success')), last?.get(runs('failed'))],
    [1, 4],
    'the last push has the runs that the end itself has failed',
  );

  const quiet = folderWith(t, 'runwisp.toml', '[daemon]\nmetrics_enabled = true\n');
  const again = startExample(t, ['runwisp', '--config', quiet.file, '--data', join(folder, '.runwisp'), '--port', '0']);
  const second = await again.ready();
  assert.equal(second.metrics, `${second.main}/metrics`, 'without metrics_listen on the main listener');
  const survived = await scrape(second.metrics);
  assert.deepEqual([survived?.get(runs('success')), survived?.get(runs('failed'))], [1, 4]);
  assert.equal(survived?.get(runs('missed')), last?.get(runs('missed')));
  assert.equal(await again.stop(), 0);
});

test('slots that pass while the daemon is down are missed, not failed', async (t) => {
  const { file } = folderWith(
    t,
    'runwisp.toml',
    '[daemon]\nport = 0\nmetrics_enabled = true\n[tasks.a]\nrun = "true"\nevery = "300ms"\n',
  );
  const capture = await startCapture();
  t.after(capture.close);
  const first = startExample(t, ['runwisp', '--config', file], pushingTo(capture.endpoint));
  await first.ready();
  assert.equal(await first.stop(), 0);
  const last = (status: string) => capture.samples()?.get(runs(status)) ?? assert.fail('no last push');
  await sleep(700);
  const second = startExample(t, ['runwisp', '--config', file]);
  const { metrics } = await second.ready();
  const samples = await scrape(metrics as string);
  assert.ok((samples?.get(runs('missed')) ?? 0) - last('missed') >= 2);
  assert.equal(samples?.get(runs('failed')), last('failed'), 'at most the one run that the end itself has failed');
  await second.stop();
});

test('metrics disabled: none, and the line says so', async (t) => {
  const { file } = folderWith(t, 'runwisp.toml', '');
  const daemon = startExample(t, ['runwisp', '--config', file, '--host', '127.0.0.1', '--port', '0']);
  const { main, metrics } = await daemon.ready();
  assert.equal(metrics, null);
  assert.equal((await fetch(`${main}/metrics`)).status, 404);
  assert.equal(
    (await fetch(`${main}/api/tasks/a/run`, { method: 'POST', headers: { authorization: 'Bearer ' } })).status,
    401,
    'no token: closed',
  );
  assert.equal(await daemon.stop(), 0);
});

test('a wrong configuration says everything at once, ends with 1, and has started nothing', async (t) => {
  const { folder, file } = folderWith(
    t,
    'runwisp.toml',
    '[daemon]\nprot = 1\nmetrics_listen = "0.0.0.0:99999"\n[services.web]\nrun = 5\n',
  );
  const daemon = startExample(t, ['runwisp', '--config', file]);
  assert.equal(await daemon.ended, 1);
  assert.equal(daemon.stdout(), '');
  for (const part of ['daemon.prot', 'daemon.metrics_listen', 'metrics_enabled = true', '65535', 'services.web.run']) {
    assert.ok(daemon.stderr().includes(part), `${part} in ${daemon.stderr()}`);
  }
  assert.equal(existsSync(join(folder, '.runwisp')), false);
});

test('a taken port: an error that names the key, and no service was started', async (t) => {
  const listen = `127.0.0.1:${await takenPort(t)}`;
  const toml = `[daemon]\nport = 0\nmetrics_enabled = true\nmetrics_listen = "${listen}"\n[services.web]\nrun = "touch started"\n`;
  const { folder, file } = folderWith(t, 'runwisp.toml', toml);
  const daemon = startExample(t, ['runwisp', '--config', file]);
  assert.equal(await daemon.ended, 1);
  assert.match(daemon.stderr(), /daemon\.metrics_listen: .*the port must be free/);
  assert.equal(existsSync(join(folder, 'started')), false);
});

test('an unknown host: usage', async (t) => {
  const nothing = startExample(t, ['nothing']);
  assert.equal(await nothing.ended, 1);
  assert.match(nothing.stderr(), /usage: .*runwisp/);
});
