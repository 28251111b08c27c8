/** crewshipd: a batch of assignments and a pipeline now and then. Its database has the results. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../../src/tools/demo/board/words.ts';
import { DATABASE_NAME } from '../crewshipd/store.ts';
import { type DemoHost, total } from './host.ts';
import { type Samples, seriesOf } from './sample.ts';

const token = randomBytes(16).toString('hex');
/** It queries its database at most every 15 s: pauses between batches let it show the last one. */
const PAUSE_MS = 40_000;
const assignments = 'crewshipd_assignments';
const events = 'crewshipd_agent_run_events_total';

const assignmentStates = ['pending', 'queued', 'running', 'completed', 'failed', 'cancelled', 'other'];
const pipelineStates = ['queued', 'running', 'completed', 'failed', 'cancelled', 'dry_run', 'interrupted', 'other'];
const runEvents = ['started', 'completed', 'failed', 'cancelled', 'timeout'];

const crews = ['blue', 'green'];
/** The stand-in refuses a prompt without words. */
const prompts = ['Write a haiku about metrics.', 'Name three rivers.', ' '];

export const crewshipd: DemoHost = {
  name: 'crewshipd',
  lag: 'its page is up to 15 s old by design',
  shown: ['crewshipd_assignments', 'crewshipd_llm_calls_total'],
  moving:
    /^crewshipd_(?:uptime_seconds|goroutines|memory_alloc_bytes|memory_sys_bytes|gc_runs_total|ws_connections|containers_\w+)\b/,
  settings: (data) => ({ args: [], env: { CREWSHIP_PORT: '0', CREWSHIP_DATA_DIR: data, CREWSHIP_INTERNAL_TOKEN: token } }),
  async open({ main, data, ended }) {
    const database = new DatabaseSync(join(data, DATABASE_NAME), { readOnly: true, timeout: 2_000 });

    async function post(path: string, body: object): Promise<void> {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const url = `${main}/api/v1/internal${path}`;
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: ended });
      if (!answer.ok) throw new Error(`crewshipd answers ${answer.status} to ${path}`);
    }

    async function batch(): Promise<void> {
      for (const crew of crews) for (const prompt of prompts) await post('/assignments', { crew, prompt });
      await post('/pipelines', { steps: crews.map((crew) => ({ crew, prompt: 'One step after the other.' })) });
    }

    await batch();
    void (async () => {
      while (!ended.aborted) {
        await sleep(PAUSE_MS, undefined, { signal: ended });
        await batch();
      }
    })().catch(() => {}); // The demonstration ends.

    return {
      samples: async () => recordedIn(database),
      done: (recorded) =>
        total(recorded, assignments, '"completed"') > 0 &&
        assignmentStates.slice(0, 3).every((state) => total(recorded, assignments, `"${state}"`) === 0),
      life(recorded) {
        const count = (state: string) => total(recorded, assignments, `"${state}"`);
        const cost = total(recorded, 'crewshipd_llm_cost_usd_total').toFixed(4);
        return `${counted(count('completed'), 'assignment')} completed, ${count('failed')} failed, ${count('queued')} queued; $${cost} spent`;
      },
      close: () => database.close(),
    };
  },
};

function recordedIn(database: DatabaseSync): Samples {
  const host = ['hostname', hostname()] as const;
  const samples = new Map<string, number>();
  function each(family: string, label: string, sql: string, zeros: readonly string[] = []): void {
    const rows = new Map(
      database
        .prepare(sql)
        .all()
        .map(({ name, value }) => [String(name), Number(value)]),
    );
    for (const name of new Set([...zeros, ...rows.keys()]))
      samples.set(seriesOf(family, [host, [label, name]]), rows.get(name) ?? 0);
  }
  each(assignments, 'status', 'SELECT lower(status) AS name, count(*) AS value FROM assignments GROUP BY name', assignmentStates);
  each(
    'crewshipd_pipeline_runs',
    'status',
    'SELECT lower(status) AS name, count(*) AS value FROM pipeline_runs GROUP BY name',
    pipelineStates,
  );
  const journal =
    "SELECT substr(type, 5) AS name FROM (SELECT type FROM journal UNION ALL SELECT type FROM journal_archived) WHERE type LIKE 'run.%'";
  each(events, 'event', `SELECT name, count(*) AS value FROM (${journal}) GROUP BY name`, runEvents);
  each('crewshipd_llm_calls_total', 'provider', 'SELECT provider AS name, count(*) AS value FROM cost_ledger GROUP BY name');
  each(
    'crewshipd_llm_cost_usd_total',
    'provider',
    'SELECT provider AS name, sum(cost_usd) AS value FROM cost_ledger GROUP BY name',
  );
  const { version } = database.prepare('SELECT max(version) AS version FROM _migrations').get() as { version: number };
  return samples.set(seriesOf('crewshipd_db_migration_version', [host]), version);
}
