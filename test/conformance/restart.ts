/** What the tests of killed hosts share: how such a host is asked for work, and how it is watched from outside. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { shows } from './increase.ts';
import { type Prometheus, runPrometheus } from './prometheus.ts';

interface Posted {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function post(url: string, body: object = {}, token = 't0ken'): Promise<Posted> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** @param gate what the operator writes into the job besides the target */
export async function watch(t: TestContext, binary: string, metrics: string | null, gate: object = {}): Promise<Prometheus> {
  const { host, pathname } = new URL(metrics ?? '');
  const job = { job_name: 'daemon', metrics_path: pathname, static_configs: [{ targets: [host] }], ...gate };
  const prometheus = await runPrometheus(t, binary, { scrape_configs: [job] });
  t.after(prometheus.stop);
  await prometheus.scraped();
  return prometheus;
}

/** Lines that a task has left; 0 while there is no such file. */
export function lines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

/** The same for both lives, so that the series go on. */
export const onePort = async (): Promise<string> => String(await freePort());
/** A scrape has failed. */
export const isDown = (prometheus: Prometheus) => shows(prometheus, 'up', 0);

export function wasmrunClient(main: string) {
  const module = (name: string) => readFileSync(new URL(`../../examples/wasmrun/modules/${name}`, import.meta.url), 'utf8');
  const sessions = `${main}/api/v1/sessions`;
  return {
    async session(): Promise<string> {
      const { body } = await post(sessions);
      for (const name of ['hello.wat', 'spin.wat']) {
        assert.equal((await post(`${sessions}/${body.session_id}/files`, { path: name, content: module(name) })).status, 200);
      }
      return body.session_id as string;
    },
    /** Resolves with the milliseconds that it took, as the agent says. */
    async exec(session: string, name: string, timeout = 60): Promise<number> {
      const { status, body } = await post(`${sessions}/${session}/exec`, { wasm_path: name, timeout });
      assert.equal(status, 200, JSON.stringify(body));
      return body.duration_ms as number;
    },
  };
}
