/** The wasmrun agent, in open mode: one session, in which four modules are executed, one round after the other. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../../src/tools/demo/board/words.ts';
import { type DemoHost, total } from './host.ts';
import { seriesOf } from './sample.ts';

/** They succeed, succeed with too much output, fail, and never end. */
const modules = ['hello', 'chatter', 'greedy', 'spin'] as const;
const EXEC_TIMEOUT_S = 1;
const PAUSE_MS = 5_000;
const executions = 'wasmrun_agent_exec_total';

interface Executed {
  readonly exit_code: number;
  readonly truncated: boolean;
  readonly error?: string;
}

export const wasmrun: DemoHost = {
  name: 'wasmrun',
  shown: ['wasmrun_agent_exec_total'],
  moving: /^wasmrun_agent_(?:exec_in_flight|workers_live|requests_in_flight)\b/,
  settings: () => ({ args: ['--port', '0', '--max-output', '1'], env: {} }),
  async open({ main, ended }) {
    const results = { success: 0, error: 0, timeout: 0 };
    let truncated = 0;
    const api = `${main}/api/v1/sessions`;

    async function post<T>(path: string, body?: object): Promise<T> {
      const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const answer = await fetch(`${api}${path}`, { method: 'POST', signal: ended, ...json });
      if (!answer.ok) throw new Error(`wasmrun answers ${answer.status} to ${path}`);
      return (await answer.json()) as T;
    }

    async function execute(session: string, module: string): Promise<void> {
      const done = await post<Executed>(`/${session}/exec`, { wasm_path: `${module}.wat`, timeout: EXEC_TIMEOUT_S });
      results[done.error === undefined ? 'success' : done.error.startsWith('timed out') ? 'timeout' : 'error'] += 1;
      if (done.truncated) truncated += 1;
    }

    const { session_id: session } = await post<{ session_id: string }>('');
    for (const module of modules) {
      const content = readFileSync(new URL(`../wasmrun/modules/${module}.wat`, import.meta.url), 'utf8');
      await post(`/${session}/files`, { path: `${module}.wat`, content });
    }
    void (async () => {
      while (!ended.aborted) {
        for (const module of modules) await execute(session, module);
        await sleep(PAUSE_MS, undefined, { signal: ended });
      }
    })().catch(() => {}); // The demonstration ends.

    return {
      async samples() {
        const counted = Object.entries(results).map(
          ([result, count]) => [seriesOf(executions, [['result', result]]), count] as const,
        );
        const { success, error, timeout } = results;
        return new Map([
          ...counted,
          ['wasmrun_agent_exec_duration_ms_count', success + error + timeout],
          ['wasmrun_agent_output_truncated_total', truncated],
          ['wasmrun_agent_sessions_created_total', 1],
          ['wasmrun_agent_sessions_active', 1],
          ['wasmrun_agent_sessions_total', 1],
        ]);
      },
      done: (recorded) => Object.keys(results).every((result) => total(recorded, executions, `"${result}"`) > 0),
      life: (recorded) => {
        const count = (result: string) => total(recorded, executions, `"${result}"`);
        return `${counted(total(recorded, executions), 'execution')}, ${count('error')} failed, ${count('timeout')} timed out, ${truncated} with too much output`;
      },
      close() {},
    };
  },
};
