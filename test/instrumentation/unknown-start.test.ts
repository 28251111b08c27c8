/** Which totals the hosts' documents take from a database, so that they survive a restart; all others begin with the process. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crewshipd } from '../../instrumentation/crewshipd/contract.ts';
import { resticManager } from '../../instrumentation/restic-manager/contract.ts';
import { runwisp } from '../../instrumentation/runwisp/contract.ts';
import { solti } from '../../instrumentation/solti/contract.ts';
import { wasmrun } from '../../instrumentation/wasmrun/contract.ts';

const persistent = [
  'runwisp_runs_total',
  'crewshipd_agent_run_events_total',
  'crewshipd_llm_calls_total',
  'crewshipd_llm_cost_usd_total',
];

test('totals that survive a restart have an unknown start, and no others', () => {
  const all = [runwisp, wasmrun, crewshipd(), resticManager, solti].flatMap(({ metrics }) => Object.values(metrics));
  assert.deepEqual(
    all.filter(({ unknownStart }) => unknownStart).map(({ series }) => series),
    persistent,
  );
});
