/** The commands of the wasmrun agent's observability page, in its order, on an example at work. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startExample } from '../../examples/example.ts';
import { wasmrunPage } from '../../tools/cli/check/real-pages.ts';
import { until } from '../../until.ts';
import { requirePeer } from '../peers.ts';
import { checkMetrics } from '../promtool.ts';
import { shell } from './shell.ts';

async function started(t: TestContext) {
  const daemon = startExample(t, ['wasmrun', '--port', '0']);
  const { main, metrics } = await daemon.ready();
  assert.ok(metrics);
  /** With the port of this agent in place of the default one. */
  const here = (command: string) => command.replace('localhost:8430', `localhost:${new URL(main).port}`);
  return { daemon, metrics, here };
}

test('curl shows the exposition, JSON, and the id of a request that is in its line of the access log', async (t) => {
  const curl = requirePeer(t, 'curl');
  if (curl === undefined) return;
  const { daemon, here } = await started(t);
  const run = async (command: string) => (await shell(here(command), [curl])).stdout;
  assert.match(await run('curl http://localhost:8430/api/v1/metrics'), /^# HELP wasmrun_agent_exec_total Total code executions/);
  const shown = JSON.parse(await run('curl "http://localhost:8430/api/v1/metrics?format=json"'));
  assert.equal(shown.exec_duration_ms_count, 0);
  const header = await run('curl -i http://localhost:8430/api/v1/metrics | grep -i x-request-id');
  const [, id] = /^x-request-id: ([0-9a-f]{16})\r?\n$/i.exec(header) ?? [];
  assert.ok(id, header);
  const line = new RegExp(`^ts=\\S+ id=${id} method=GET path=/api/v1/metrics status=200 `, 'm');
  await until('it is logged', () => line.test(daemon.stderr()));
});

test('promtool check metrics has the findings of the real page', async (t) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  const { metrics } = await started(t);
  const page = await (await fetch(metrics)).text();
  assert.deepEqual(checkMetrics(promtool, page).sort(), checkMetrics(promtool, wasmrunPage).sort());
});
