/** What the wasmrun agent must say, typed from its observability page; the HELP texts that it does not print are ours. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type WasmrunProbes, wasmrun, wasmrunRecorder } from '../../../instrumentation/wasmrun/index.ts';
import { lint } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrape, testGolden } from '../golden.ts';
import { happen, noProbes, probes } from './probes.ts';

function host(t: TestContext, given: WasmrunProbes) {
  const { bridge, clock, value } = testBridge(wasmrun);
  t.after(() => bridge.close());
  const recorder = wasmrunRecorder(bridge, given);
  return { clock, recorder, scrape: (accept?: string) => scrape(bridge, accept), value };
}

testGolden('wasmrun', 'text', [
  [
    'the state of the document',
    'busy',
    (t) => {
      const { recorder, scrape } = host(t, probes());
      happen(recorder);
      return scrape;
    },
  ],
  ['all series are there from the start', 'new', (t) => host(t, noProbes).scrape],
]);

/** Of the document's response, without its numbers. */
const printed = [
  '# HELP wasmrun_agent_exec_total Total code executions by terminal result.',
  '# TYPE wasmrun_agent_exec_total counter',
  'wasmrun_agent_exec_total{result="success"}',
  'wasmrun_agent_exec_total{result="error"}',
  'wasmrun_agent_exec_total{result="timeout"}',
  '# HELP wasmrun_agent_exec_duration_ms_sum Sum of execution wall-clock durations in milliseconds.',
  '# TYPE wasmrun_agent_exec_duration_ms_sum counter',
  'wasmrun_agent_exec_duration_ms_sum',
  '# HELP wasmrun_agent_sessions_active Currently active (non-expired) sessions.',
  '# TYPE wasmrun_agent_sessions_active gauge',
  'wasmrun_agent_sessions_active',
];

test('the lines that the document prints are there, in its order', async (t) => {
  const { text } = await host(t, noProbes).scrape();
  const lines = text.split('\n').map((line) => (line.startsWith('#') ? line : line.replace(/ [0-9]+$/, '')));
  assert.deepEqual(
    lines.filter((line) => printed.includes(line)),
    printed,
  );
});

test('a duration is counted in whole milliseconds and never below 0, and the count is that of all results', async (t) => {
  const { recorder, value } = host(t, noProbes);
  recorder.executed('success', 1.4);
  recorder.executed('error', -5);
  recorder.executed('timeout', 2.5);
  assert.deepEqual(await value('execDurationMs'), { count: 3, sum: 4 });
  assert.equal(await value('exec', { result: 'timeout' }), 1);
});

test('an execution whose duration is no number, or whose result is unknown, is refused as a whole: the count stays the sum of the results', async (t) => {
  const { recorder, value } = host(t, noProbes);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 'x', undefined, 5n] as number[]) recorder.executed('success', bad);
  recorder.executed('perhaps' as never, 5);
  recorder.executed('success', 7);
  assert.deepEqual(await value('execDurationMs'), { count: 1, sum: 7 });
  assert.equal(await value('exec', { result: 'success' }), 1);
});

test('a probe that fails: its own last values for a minute, then nothing, never zeros', async (t) => {
  let broken = false;
  const sessions = () => {
    if (broken) throw new Error('EMFILE');
    return probes().sessions();
  };
  const { clock, value } = host(t, probes({ sessions }));
  assert.equal(await value('sessionsActive'), 3);
  broken = true;
  clock.advance(60_000);
  assert.equal(await value('sessionsActive'), 3);
  clock.advance(1);
  assert.equal(await value('sessionsActive'), undefined);
  assert.equal(await value('execInFlight'), 1, 'the other probe answers');
});

test('a recorder that is detached makes room for another', async (t) => {
  const { bridge } = testBridge(wasmrun);
  t.after(() => bridge.close());
  const first = wasmrunRecorder(bridge, noProbes);
  assert.throws(() => wasmrunRecorder(bridge, noProbes), { code: 'OBSERVE_MISUSE' });
  first.detach();
  wasmrunRecorder(bridge, noProbes).detach();
});

test('its unusual names are accepted by name, so lint finds nothing', () => assert.deepEqual(lint(wasmrun), []));
