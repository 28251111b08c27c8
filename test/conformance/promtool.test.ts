/**
 * `promtool check metrics` has nothing to say of what is served as text 0.0.4, but for the exceptions listed here; of OpenMetrics
 * it says what cannot be helped.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type DaemonName, daemonNames, daemons } from './daemons.ts';
import { openMetrics, scrape } from './equality.ts';
import { requirePeer } from './peers.ts';
import { checkMetrics } from './promtool.ts';
import { random } from './random.ts';
import { parseWithPython } from './strict-openmetrics.ts';

/** Findings that are accepted, each with the reason. */
const exceptions: Readonly<Record<DaemonName, readonly string[]>> = {
  'every kind': [],
  crewshipd: [],
  RunWisp: [],
  solti: [],
  // Names of the host's document, accepted in the contract too.
  'restic-manager': [
    'rm_host_snapshot_count non-histogram and non-summary metrics should not have "_count" suffix',
    'rm_hosts_total non-counter metrics should not have "_total" suffix',
  ],
  // Names and types are its document's.
  wasmrun: [
    ...(['count', 'sum'] as const).flatMap((part) => [
      `wasmrun_agent_exec_duration_ms_${part} counter metrics should have "_total" suffix`,
      `wasmrun_agent_exec_duration_ms_${part} metric names should not contain abbreviated units`,
      `wasmrun_agent_exec_duration_ms_${part} non-histogram and non-summary metrics should not have "_${part}" suffix`,
    ]),
    'wasmrun_agent_sessions_total non-counter metrics should not have "_total" suffix',
  ],
};

for (const name of daemonNames) {
  test(`promtool check metrics: ${name}`, async (t: TestContext) => {
    const binary = requirePeer(t, 'promtool');
    if (binary === undefined) return;
    const daemon = await daemons[name].start(random());
    t.after(daemon.close);
    daemon.run(100);
    assert.deepEqual(checkMetrics(binary, await scrape(daemon.url, 'text/plain;version=0.0.4')), exceptions[name]);
  });
}

test('no OpenMetrics page pleases promtool, which reads text 0.0.4: a help text that it finds clashes with the sample', async (t: TestContext) => {
  const [binary, python] = [requirePeer(t, 'promtool'), requirePeer(t, 'parser')];
  if (binary === undefined || python === undefined) return;
  const daemon = await daemons.RunWisp.start(random());
  t.after(daemon.close);
  daemon.run(100);
  const page = await scrape(daemon.url, openMetrics);
  assert.deepEqual(checkMetrics(binary, page), ['runwisp_runs_total no help text']);
  const helped = page.replace('# TYPE runwisp_runs counter\n', '$&# HELP runwisp_runs_total Runs that ended.\n');
  assert.deepEqual(checkMetrics(binary, helped), []);
  // OpenMetrics 1.0, "Suffixes": a family's name MUST NOT clash with the sample names of another one.
  assert.throws(() => parseWithPython(python, helped, 'openmetrics'), /Clashing name: runwisp_runs_total/);
});
