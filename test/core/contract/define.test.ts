import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capped,
  contract,
  counter,
  type Declared,
  gauge,
  histogram,
  identity,
  info,
  oneOf,
  summary,
  upDownCounter,
} from '../../../src/core/contract/index.ts';

const help = 'Something.';

function only(name: string, key: string, declared: Declared) {
  const metric = contract(name, { [key]: declared }).metrics[key];
  assert.ok(metric);
  return metric;
}

// Series as the hosts' documents have them
const names: readonly (readonly [string, string, Declared, string, string])[] = [
  ['runwisp', 'runs', counter({ help, unit: '{run}' }), 'runwisp.runs', 'runwisp_runs_total'],
  [
    'runwisp',
    'runsLastFailureTimestamp',
    gauge({ help, unit: 's' }),
    'runwisp.runs.last.failure.timestamp',
    'runwisp_runs_last_failure_timestamp_seconds',
  ],
  ['runwisp', 'daemonCpu', gauge({ help, unit: '%' }), 'runwisp.daemon.cpu', 'runwisp_daemon_cpu_percent'],
  [
    'runwisp',
    'daemonMemoryTotal',
    gauge({ help, unit: 'By' }),
    'runwisp.daemon.memory.total',
    'runwisp_daemon_memory_total_bytes',
  ],
  ['runwisp', 'buildInfo', info({ help, labels: { version: capped() } }), 'runwisp.build.info', 'runwisp_build_info'],
  ['wasmrun_agent', 'exec', counter({ help, unit: '{execution}' }), 'wasmrun.agent.exec', 'wasmrun_agent_exec_total'],
  ['wasmrun_agent', 'execDurationMs', summary({ help }), 'wasmrun.agent.exec.duration.ms', 'wasmrun_agent_exec_duration_ms'],
  [
    'wasmrun_agent',
    'sessionsTotal',
    gauge({ help, unit: '{session}' }),
    'wasmrun.agent.sessions.total',
    'wasmrun_agent_sessions_total',
  ],
  ['crewshipd', 'llmCostUsd', counter({ help, unit: '{USD}' }), 'crewshipd.llm.cost.usd', 'crewshipd_llm_cost_usd_total'],
  ['crewshipd', 'gcRuns', counter({ help, unit: '{run}' }), 'crewshipd.gc.runs', 'crewshipd_gc_runs_total'],
  ['rm', 'hostsTotal', gauge({ help, unit: '{host}' }), 'rm.hosts.total', 'rm_hosts_total'],
  ['rm', 'jobDuration', histogram({ help, unit: 's', bounds: [1, 5] }), 'rm.job.duration', 'rm_job_duration_seconds'],
  ['solti', 'svTasksInFlight', upDownCounter({ help, unit: '{task}' }), 'solti.sv.tasks.in.flight', 'solti_sv_tasks_in_flight'],
];
for (const [name, key, declared, instrument, series] of names) {
  test(`${name} ${key} is ${series}`, () => {
    const metric = only(name, key, declared);
    assert.deepEqual([metric.instrument, metric.series], [instrument, series]);
  });
}

test('an abbreviation in capitals is one word', () =>
  assert.equal(only('x', 'openHTTPSockets', gauge({ help })).instrument, 'x.open.http.sockets'));

test('an instrument can be named outright', () => {
  assert.equal(only('x', 'a', counter({ help, instrument: 'http.requests' })).series, 'http_requests_total');
});

test('a series can be named outright, instrument and unit follow', () => {
  const { instrument, unit, series } = only('x', 'a', gauge({ help, series: 'rm_host_repo_size_bytes' }));
  assert.deepEqual(
    { instrument, unit, series },
    { instrument: 'rm.host.repo.size', unit: 'By', series: 'rm_host_repo_size_bytes' },
  );
});

test('an exponential histogram has no bounds, and the defaults of the norm; nobody asks for min and max unasked', () => {
  const { bounds, exponential, minMax } = only('x', 'a', histogram({ help, unit: 's', exponential: { maxScale: 3 } }));
  assert.deepEqual({ bounds, exponential, minMax }, { bounds: [], exponential: { maxSize: 160, maxScale: 3 }, minMax: false });
  assert.deepEqual(only('x', 'a', histogram({ help, exponential: {} })).exponential, { maxSize: 160, maxScale: 20 });
  assert.equal(only('x', 'a', histogram({ help, bounds: [1], minMax: true })).minMax, true);
  assert.ok(!('exponential' in only('x', 'a', histogram({ help, bounds: [1] }))));
});

test('a histogram in seconds has bounds on the scale of seconds', () => {
  const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  assert.deepEqual(only('x', 'a', histogram({ help, unit: 's' })).bounds, bounds);
});

test('a histogram named outright in seconds has them too', () => {
  assert.equal(only('x', 'a', histogram({ help, series: 'x_a_seconds' })).bounds.length, 11);
});

const closed = { status: oneOf('a', 'b') };
const mixed = { ...closed, task: identity() };
const zeros: readonly (readonly [string, Declared, boolean])[] = [
  ['recorded counter', counter({ help }), true],
  ['observed counter', counter({ help, observed: true }), false],
  ['recorded up-down counter', upDownCounter({ help }), true],
  ['recorded gauge', gauge({ help }), false],
  ['observed gauge', gauge({ help, observed: true }), false],
  ['counter with a closed set', counter({ help, labels: closed }), true],
  ['observed counter with a closed set', counter({ help, labels: closed, observed: true }), true],
  ['gauge with a closed set', gauge({ help, labels: closed }), true],
  ['counter with a closed set and an identity', counter({ help, labels: mixed }), false],
  ['counter with a capped set', counter({ help, labels: { provider: capped() } }), false],
  ['histogram with a closed set', histogram({ help, unit: 's', labels: closed }), false],
  ['summary with a closed set', summary({ help, labels: closed }), false],
  ['info with a closed set', info({ help, labels: closed }), false],
  ['counter told not to', counter({ help, labels: closed, zeroFilled: false }), false],
  ['histogram told to', histogram({ help, unit: 's', labels: closed, zeroFilled: true }), true],
];
for (const [what, declared, zeroFilled] of zeros) {
  test(`${what}: zero-filled ${zeroFilled}`, () => assert.equal(only('x', 'a', declared).zeroFilled, zeroFilled));
}

test('a contract has the documented defaults', () => {
  const { defaultFormat, maxAgeMs, accepts } = contract('x', {});
  assert.deepEqual({ defaultFormat, maxAgeMs, accepts }, { defaultFormat: 'text', maxAgeMs: 60_000, accepts: {} });
});

test('constant labels of the contract and of the metric come together, the metric wins', () => {
  const metrics = { a: gauge({ help, constantLabels: { zone: 'b', rack: '1' } }) };
  const made = contract('x', metrics, { constantLabels: { hostname: 'h', zone: 'a' } });
  assert.deepEqual(made.metrics.a.constantLabels, { hostname: 'h', zone: 'b', rack: '1' });
});

test('nothing that was given is changed, and the contract is frozen', () => {
  const bounds = [1, 2];
  const labels = { status: oneOf('a') };
  const made = contract('x', { a: histogram({ help, bounds, labels }) });
  assert.ok(!Object.isFrozen(bounds) && !Object.isFrozen(labels));
  assert.ok([made, made.metrics, made.metrics.a, made.metrics.a.labels, made.metrics.a.bounds].every(Object.isFrozen));
});
