/**
 * The example crewshipd as a whole: real containers' processes, a real database, real requests to the stand-in provider, real
 * sockets.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Samples, scrape } from '../../../examples/demo/sample.ts';
import { testInFull } from '../../full.ts';
import { differences } from '../../net/access/whole-connection.ts';
import { until } from '../../until.ts';
import { startCapture } from '../capture.ts';
import { isGone, pushingTo, startExample, takenPort } from '../example.ts';
import { client, environment, internal, series } from './crew.ts';

const hidden = { 'x-forwarded-for': '203.0.113.9' };

const statuses = (samples: Samples | undefined) =>
  Object.fromEntries(
    ['pending', 'queued', 'running', 'completed', 'failed', 'cancelled', 'other'].map((status) => [
      status,
      samples?.get(series('assignments', { status })),
    ]),
  );
const events = (samples: Samples | undefined) =>
  Object.fromEntries(
    ['started', 'completed', 'failed', 'cancelled', 'timeout'].map((event) => [
      event,
      samples?.get(series('agent_run_events_total', { event })),
    ]),
  );

testInFull('a crewshipd works, is pulled, is killed, starts again, and its totals survive', async (t) => {
  const env = environment(t);
  const daemon = startExample(t, ['crewshipd'], env);
  const { main, metrics, ...rest } = await daemon.ready();
  assert.deepEqual([rest, metrics], [{ ready: true }, `${main}/metrics`]);
  const crewship = client(main);
  assert.equal(((await (await fetch(`${main}/healthz`)).json()) as { status: string }).status, 'ok');

  for (const authorization of ['', 'Bearer', 'Bearer m3trics', 'Basic int3rnal']) {
    const refused = await fetch(`${crewship.url}/containers`, { headers: { authorization } });
    assert.deepEqual([refused.status, refused.headers.get('www-authenticate')], [401, 'Bearer'], authorization);
  }
  const foreign = new WebSocket(`${crewship.url.replace('http', 'ws')}/events`);
  await new Promise((resolve) => foreign.addEventListener('error', resolve, { once: true }));

  const heard: string[] = [];
  const socket = new WebSocket(`${crewship.url.replace('http', 'ws')}/events`, { headers: internal } as never);
  t.after(() => socket.close());
  socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data)).event));
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));

  const good = await crewship.queue('blue', 'Write a haiku, please!', { maxTokens: 10 });
  await crewship.ends(`/assignments/${good}`, 'COMPLETED');
  const tooLong = await crewship.queue('blue', 'word '.repeat(2_001));
  await crewship.ends(`/assignments/${tooLong}`, 'FAILED');
  const late = await crewship.queue('red', 'so long', { maxTokens: 100_000, timeoutMs: 100 });
  await crewship.ends(`/assignments/${late}`, 'FAILED');
  const run = await crewship.pipeline([
    { crew: 'blue', prompt: 'one', maxTokens: 5 },
    { crew: 'red', prompt: 'two', maxTokens: 5 },
  ]);
  await crewship.ends(`/pipelines/${run}`, 'completed');
  await crewship.pipeline([{ crew: 'blue', prompt: 'never' }], true);

  const forEver = { maxTokens: 100_000, timeoutMs: 600_000 };
  const stopped = await crewship.queue('red', 'again', forEver);
  await crewship.ends(`/assignments/${stopped}`, 'RUNNING');
  assert.equal((await crewship.cancel(stopped)).status, 202);
  await crewship.ends(`/assignments/${stopped}`, 'CANCELLED');
  assert.equal((await crewship.cancel(stopped)).status, 404);

  const interrupted = await crewship.pipeline([
    { crew: 'blue', prompt: 'on and on', ...forEver },
    { crew: 'red', prompt: 'afterwards' },
  ]);
  const left = await crewship.queue('red', 'on and on', forEver);
  const [queued] = [
    await crewship.queue('red', 'then', { maxTokens: 5 }),
    await crewship.queue('blue', 'then', { maxTokens: 5 }),
  ];
  await crewship.ends(`/assignments/${left}`, 'RUNNING');
  await crewship.ends(`/pipelines/${interrupted}`, 'running');
  const frozen = (await crewship.containers()).find(({ crew }) => crew === 'red')?.pid as number;
  process.kill(frozen, 'SIGSTOP');
  const silent = async () => (await crewship.containers()).filter(({ residentBytes }) => residentBytes === undefined);
  await until('the frozen container is silent', async () => (await silent()).length === 1);

  // The first scrape, so that nothing in it is older than what was done above; again only if a busy machine has kept the other
  // one silent.
  let seen: Samples | undefined;
  await until('the other container is heard', async () => {
    seen = await scrape(metrics as string);
    return seen?.get(series('containers_reporting')) === 1;
  });
  process.kill(frozen, 'SIGCONT');
  const value = (name: string, labels?: Record<string, string>) => seen?.get(series(name, labels));
  assert.deepEqual(statuses(seen), { pending: 1, queued: 2, running: 2, completed: 3, failed: 2, cancelled: 1, other: 0 });
  assert.deepEqual(events(seen), { started: 8, completed: 3, failed: 1, cancelled: 1, timeout: 1 });
  const depths = ['depth', 'crews', 'depth_max'].map((which) => value(`assignment_queue_${which}`));
  assert.deepEqual(depths, [2, 2, 1]);
  const pipelines = ['completed', 'dry_run', 'running', 'other'].map((status) => value('pipeline_runs', { status }));
  assert.deepEqual(pipelines, [1, 1, 1, 0]);
  const provider = { provider: 'stand-in' };
  // Tokens in: "Write a haiku , please !" is 6, "one" and "two" 1 each; out: 10, 5 and 5. At 3 and 15 dollars a million.
  assert.equal(value('llm_calls_total', provider), 3);
  assert.equal(value('llm_cost_usd_total', provider)?.toFixed(9), ((8 * 3 + 20 * 15) / 1e6).toFixed(9));
  assert.deepEqual([value('containers_tracked'), value('containers_reporting')], [2, 1]);
  assert.equal(value('ws_connections'), 1);
  assert.equal(value('credential_audit_dropped_total'), 0);
  assert.equal(value('db_migration_version'), 20260728110200);
  for (const name of ['uptime_seconds', 'goroutines', 'memory_alloc_bytes']) assert.ok((value(name) ?? 0) > 0, name);
  assert.ok((value('memory_sys_bytes') ?? 0) > (value('memory_alloc_bytes') ?? 0));
  assert.ok(value('gc_runs_total') !== undefined);
  assert.deepEqual(new Set(heard), new Set(['started', 'completed', 'failed', 'timeout', 'cancelled']));

  const unknown = await fetch(`${main}/metricz`, { headers: hidden });
  const refused = await fetch(metrics as string, { headers: { ...hidden, authorization: 'Bearer wrong' } });
  assert.deepEqual([refused.status, await refused.text()], [404, (await unknown.text()).replace('metricz', 'metrics')]);
  const allowed = { ...hidden, authorization: 'Bearer m3trics' };
  assert.equal((await fetch(metrics as string, { headers: allowed })).status, 200);
  const posted = await fetch(metrics as string, { method: 'POST', headers: allowed });
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);

  const pids = (await crewship.containers()).map(({ pid }) => pid);
  await daemon.kill();
  await until('the containers have ended with their daemon', () => pids.every(isGone));
  const capture = await startCapture();
  t.after(capture.close);
  const again = startExample(t, ['crewshipd'], {
    ...env,
    ...pushingTo(capture.endpoint),
  });
  const second = await again.ready();
  const revived = client(second.main);
  await revived.ends(`/assignments/${queued}`, 'COMPLETED');
  await revived.ends(`/pipelines/${interrupted}`, 'interrupted');
  await until('the queue is empty', async () => statusesAre(await scrape(second.metrics as string)));
  assert.equal(await again.stop(), 0);
  assert.equal(again.stdout().split('\n').length, 2, 'one line on standard output');
  const last = capture.samples();
  assert.deepEqual(events(last), { started: 10, completed: 5, failed: 3, cancelled: 1, timeout: 1 }, 'the last push');
  assert.equal(last?.get(series('llm_calls_total', provider)), 5);
});

/** Everything that was queued has run; what a killed daemon ran has failed. */
function statusesAre(samples: Samples | undefined): boolean {
  const { completed, failed, cancelled, queued, running } = statuses(samples);
  return completed === 5 && failed === 4 && cancelled === 2 && queued === 0 && running === 0;
}

testInFull('no bytes of a stranger tell its metrics from a path that does not exist', async (t) => {
  const daemon = startExample(t, ['crewshipd'], environment(t));
  const port = Number(new URL((await daemon.ready()).main).port);
  const found = await differences(port, '/metrics', '/metricz', 'X-Forwarded-For: 203.0.113.9');
  assert.equal(found.length, 0, `${found.length} differ:\n${found.slice(0, 10).join('\n')}`);
  assert.equal(await daemon.stop(), 0);
});

test('a wrong configuration says everything at once, ends with 1, and has started nothing', async (t) => {
  const data = join(environment(t).CREWSHIP_DATA_DIR as string, 'new');
  const daemon = startExample(t, ['crewshipd'], {
    CREWSHIP_DATA_DIR: data,
    CREWSHIP_PORT: '65536',
    CREWSHIP_METRICS_TOKEN: 'm3 trics',
    CREWSHIP_TRUSTED_PROXY_CIDRS: '10.0.0.0/8,10.0.0.1',
  });
  assert.equal(await daemon.ended, 1);
  assert.equal(daemon.stdout(), '');
  for (const part of [
    'CREWSHIP_PORT: got 65536',
    'CREWSHIP_METRICS_TOKEN: got [redacted]',
    'CREWSHIP_TRUSTED_PROXY_CIDRS: got "10.0.0.1"',
  ]) {
    assert.ok(daemon.stderr().includes(part), `${part} in ${daemon.stderr()}`);
  }
  assert.equal(existsSync(data), false);
});

test('a taken port, and a flag that it does not have: exit code 1', async (t) => {
  const taken = startExample(t, ['crewshipd'], { ...environment(t), CREWSHIP_PORT: `${await takenPort(t)}` });
  assert.equal(await taken.ended, 1);
  assert.match(taken.stderr(), /CREWSHIP_PORT: got \d+; the port must be free/);
  const flagged = startExample(t, ['crewshipd', '--port', '0'], environment(t));
  assert.equal(await flagged.ended, 1);
  assert.match(flagged.stderr(), /--port/);
});
