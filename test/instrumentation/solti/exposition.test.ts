/** What solti 0.0.2 must say, typed from its source and from a page that it made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SoltiBackend, soltiBackend } from '../../../instrumentation/solti/index.ts';
import { contract, counter, meterbridge } from '../../../src/index.ts';
import { testClock } from '../../../src/testing.ts';
import { golden, scrape as scrapeOf, types } from '../golden.ts';

const scrape = (backend: SoltiBackend, accept?: string) => scrapeOf(backend.registry(), accept);

test('a used backend: text 0.0.4 for a client that states no preference', async () => {
  const backend = soltiBackend({ buildInfo: { version: '1.4.2', commit: '0f3a' } });
  backend.taskStarted('subprocess');
  backend.taskStarted('subprocess');
  backend.taskStarted('wasm');
  backend.taskCompleted('subprocess', 'success', 150);
  backend.taskCompleted('subprocess', 'failure', 50);
  backend.runnerError('subprocess', 'spawn_failed');
  backend.runnerError('subprocess', 'spawn_failed');
  backend.runnerError('wasm', 'module_load_failed');
  const { supervision } = backend;
  supervision.attemptStarted();
  supervision.attemptStarted();
  supervision.attemptEnded();
  supervision.restarted();
  supervision.timedOut();
  supervision.backedOff('failure', 1_500);
  supervision.finalized('exhausted', 3);
  supervision.phaseChanged(undefined, 'pending');
  supervision.phaseChanged('pending', 'running');
  supervision.phaseChanged(undefined, 'exhausted');
  supervision.subscriberOverflowed(3);
  supervision.subscriberPanicked();
  backend.controller.submitted();
  backend.controller.submitted();
  backend.controller.rejected('slot_busy');
  const answer = await scrape(backend);
  assert.equal(answer.type, types.text);
  assert.equal(answer.text, golden('solti', 'busy.text.txt'));
});

test('a program with an API and a discovery', async () => {
  const registry = meterbridge(contract('agent', {}), { isolated: true, push: false, clock: testClock(1_795_579_112_982) });
  const backend = soltiBackend({ registry });
  const { api } = backend;
  api.requestStarted('http');
  api.requestStarted('http');
  api.requestCompleted('http', 'GET', '/api/v1/tasks/{id}', 200, 12);
  api.requestEnded('http');
  api.requestStarted('grpc');
  api.requestCompleted('grpc', 'SubmitTask', '/solti.v1.SoltiApi/SubmitTask', 0, 1);
  api.requestEnded('grpc');
  const discovery = backend.discovery();
  discovery.attempted();
  discovery.succeeded(25);
  discovery.attempted();
  discovery.failed(50, 'timeout');
  discovery.held(10_000);
  assert.equal(backend.discovery(), discovery);
  assert.equal((await scrape(backend, 'text/plain;version=0.0.4')).text, golden('solti', 'served.text.txt'));
});

test('before its first attempt a discovery has never succeeded; a program without one shows none of its families', async () => {
  const backend = soltiBackend();
  assert.doesNotMatch((await scrape(backend)).text, /solti_discover_/);
  backend.discovery();
  const { text } = await scrape(backend);
  const samples = text.split('\n').filter((line) => line.startsWith('solti_discover_') && !line.includes('_bucket'));
  assert.deepEqual(samples, [
    'solti_discover_attempts_total 0',
    'solti_discover_last_success_timestamp_seconds 0',
    'solti_discover_holds_total 0',
    'solti_discover_hold_duration_seconds_sum 0',
    'solti_discover_hold_duration_seconds_count 0',
  ]);
});

test('paths and methods beyond the first hundred are added up', async () => {
  const { api, gather } = soltiBackend();
  for (let n = 0; n < 150; n++) api.requestCompleted('http', 'GET', `/${n}`, 404, 1);
  const requests = (await gather()).find(({ name }) => name === 'solti_api_requests_total')?.samples ?? [];
  assert.equal(requests.length, 101);
  assert.equal(requests.find(({ labels }) => labels.some(([, value]) => value === 'other'))?.value, 50);
});

test('an unused backend shows no labelled family but the phases', async () => {
  const { text } = await scrape(soltiBackend(), 'application/openmetrics-text;version=1.0.0');
  assert.equal(text, golden('solti', 'new.openmetrics.txt'));
});

async function children(backend: SoltiBackend, family: string): Promise<number | undefined> {
  return (await backend.gather()).find(({ name }) => name === family)?.samples.length;
}

// solti's own tests, in their order.
test('record_task_started_increments_counter', async () => {
  const backend = soltiBackend();
  backend.taskStarted('subprocess');
  backend.taskStarted('subprocess');
  backend.taskStarted('wasm');
  assert.equal(await children(backend, 'solti_runner_tasks_started_total'), 2);
});

test('record_task_completed_increments_counter_and_histogram', async () => {
  const backend = soltiBackend();
  backend.taskCompleted('subprocess', 'success', 150);
  backend.taskCompleted('subprocess', 'failure', 50);
  assert.equal(await children(backend, 'solti_runner_tasks_completed_total'), 2);
  // Each of the two: 16 buckets, sum and count.
  assert.equal(await children(backend, 'solti_runner_task_duration_seconds'), 2 * 18);
});

test('record_runner_error_increments_counter, and completes no task', async () => {
  const backend = soltiBackend();
  backend.runnerError('subprocess', 'spawn_failed');
  backend.runnerError('subprocess', 'spawn_failed');
  backend.runnerError('wasm', 'module_load_failed');
  assert.equal(await children(backend, 'solti_runner_errors_total'), 2);
  assert.equal(await children(backend, 'solti_runner_tasks_completed_total'), undefined);
});

test("can_use_custom_registry: beside the program's own metrics, and one backend a registry", async () => {
  const own = contract('shop', { sold: counter({ help: 'Sold.' }) });
  const registry = meterbridge(own, { isolated: true, push: false }) as never;
  const backend = soltiBackend({ registry });
  assert.equal(soltiBackend({ registry }), backend);
  assert.equal(backend.registry(), registry);
  soltiBackend({ registry }).taskStarted('container');
  const names = (await backend.gather()).map(({ name }) => name);
  assert.ok(names.includes('shop_sold_total') && names.includes('solti_runner_tasks_started_total'), String(names));
});

test('two isolated backends know nothing of each other', async () => {
  const [a, b] = [soltiBackend(), soltiBackend()];
  a.taskStarted('wasm');
  assert.equal(await children(b, 'solti_runner_tasks_started_total'), undefined);
});

test('other labels of buildInfo on one registry are refused', () => {
  const registry = meterbridge(contract('other', { x: counter({ help: 'X.' }) }), { isolated: true, push: false }) as never;
  soltiBackend({ registry, buildInfo: { version: '1' } });
  assert.throws(() => soltiBackend({ registry, buildInfo: { commit: 'abc' } }), { code: 'CONTRACT_CONFLICT' });
});

test('what is in flight and phases never go below 0; a negative duration is 0', async () => {
  const backend = soltiBackend();
  backend.supervision.attemptEnded();
  backend.supervision.phaseChanged('running', 'failed');
  backend.supervision.attemptStarted();
  backend.taskCompleted('wasm', 'canceled', -5);
  backend.api.requestEnded('grpc');
  backend.api.requestStarted('grpc');
  backend.api.requestCompleted('grpc', 'GetTaskStatus', '/solti.v1.SoltiApi/GetTaskStatus', 5, -5);
  backend.discovery().held(-5);
  const { text } = await scrape(backend);
  for (const line of [
    'solti_sv_tasks_in_flight 1',
    'solti_sv_tasks_by_phase{phase="running"} 0',
    'solti_sv_tasks_by_phase{phase="failed"} 1',
    'solti_runner_task_duration_seconds_bucket{runner="wasm",outcome="canceled",le="0.01"} 1',
    'solti_runner_task_duration_seconds_sum{runner="wasm",outcome="canceled"} 0',
    'solti_api_in_flight_requests{transport="grpc"} 1',
    'solti_api_request_duration_seconds_sum{transport="grpc",method="GetTaskStatus",path="/solti.v1.SoltiApi/GetTaskStatus"} 0',
    'solti_discover_hold_duration_seconds_sum 0',
  ])
    assert.ok(text.split('\n').includes(line), line);
});

/** What no program of types would hand in, and what arithmetic gone wrong does: none of it is a duration. */
const noDurations = [Number.NaN, Number.POSITIVE_INFINITY, 'x', '150', null, undefined, 5n, {}] as number[];

for (const bad of noDurations) {
  test(`what comes with ${typeof bad} ${String(bad)} for a number is refused as a whole, and counted`, async () => {
    const registry = meterbridge(contract('refusing', {}), { isolated: true, push: false, selfMetrics: true, log: () => {} });
    const backend = soltiBackend({ registry });
    const { supervision } = backend;
    backend.taskCompleted('wasm', 'success', bad);
    supervision.backedOff('failure', bad);
    supervision.finalized('fatal', bad);
    backend.api.requestCompleted('http', 'GET', '/', 200, bad);
    const discovery = backend.discovery();
    discovery.succeeded(bad);
    discovery.failed(bad, 'other');
    discovery.held(bad);
    const { text } = await scrape(backend);
    assert.doesNotMatch(text, /^solti_runner_task|^solti_sv_(task_terminal|attempts|task_backoff_count)|^solti_api_/m);
    assert.doesNotMatch(text, /^solti_discover_(outcomes|duration|failures)/m);
    for (const zero of [
      'solti_sv_task_backoff_duration_seconds_count',
      'solti_discover_holds_total',
      'solti_discover_hold_duration_seconds_count',
      'solti_discover_last_success_timestamp_seconds',
    ])
      assert.match(text, new RegExp(`^${zero} 0$`, 'm'));
    const refused = text.match(/^meterbridge_measurements_refused_total\{metric="solti_\w+",reason="value"\} \d+$/gm) ?? [];
    // Each call once; two of them are about the discovery's duration.
    assert.deepEqual(refused.map((line) => line.at(-1)).sort(), ['1', '1', '1', '1', '1', '2']);
  });
}

test('a label that the contract does not have refuses the whole call, too', async () => {
  const backend = soltiBackend();
  const { supervision } = backend;
  backend.taskCompleted('jvm' as never, 'success', 150);
  supervision.backedOff('whim' as never, 1_500);
  supervision.finalized('bored' as never, 3);
  supervision.phaseChanged('dreaming' as never, 'running');
  supervision.phaseChanged('pending', 'dreaming' as never);
  backend.controller.rejected('mood' as never);
  backend.api.requestStarted('pigeon' as never);
  backend.api.requestEnded('pigeon' as never);
  backend.api.requestCompleted('pigeon' as never, 'GET', '/', 200, 5);
  backend.api.requestCompleted('http', 'GET', '/', undefined as never, 5);
  assert.equal(
    (await scrape(backend, 'application/openmetrics-text;version=1.0.0')).text,
    golden('solti', 'new.openmetrics.txt'),
  );
});

test('a failure of the discovery for a reason that the contract does not have is refused as a whole', async () => {
  const backend = soltiBackend();
  backend.discovery().failed(5, 'moonlight' as never);
  assert.doesNotMatch((await scrape(backend)).text, /solti_discover_(outcomes|duration|failures)/);
});
