/** A crewshipd to work with: its variables, its API, and its series. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../../until.ts';

export const internal = { authorization: 'Bearer int3rnal' };

export function environment(t: TestContext): Record<string, string> {
  const data = mkdtempSync(join(tmpdir(), 'crewship-'));
  t.after(() => rmSync(data, { recursive: true }));
  return {
    CREWSHIP_DATA_DIR: data,
    CREWSHIP_PORT: '0',
    CREWSHIP_INTERNAL_TOKEN: 'int3rnal',
    CREWSHIP_METRICS_TOKEN: 'm3trics',
    CREWSHIP_MAX_CONCURRENT_RUNS: '2',
  };
}

/** Below `/api/v1/internal`, with its token. */
export function client(main: string) {
  const url = `${main}/api/v1/internal`;
  const get = async <T>(path: string): Promise<T> => (await fetch(url + path, { headers: internal })).json() as Promise<T>;
  async function post(path: string, body: object): Promise<number> {
    const headers = { ...internal, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 202, await answer.clone().text());
    return ((await answer.json()) as { id: number }).id;
  }
  return {
    url,
    get,
    queue: (crew: string, prompt: string, more: object = {}) => post('/assignments', { crew, prompt, ...more }),
    pipeline: (steps: object[], dryRun = false) => post('/pipelines', { steps, dryRun }),
    ends: (path: string, status: string) =>
      until(`${path} ${status}`, async () => (await get<{ status: string }>(path)).status === status),
    cancel: (id: number) => fetch(`${url}/assignments/${id}`, { method: 'DELETE', headers: internal }),
    containers: () => get<{ crew: string; pid: number; residentBytes?: number }[]>('/containers'),
  };
}

/** A series of this daemon in the form of `scrape`. */
export function series(name: string, labels: Record<string, string> = {}): string {
  const pairs = Object.entries({ hostname: hostname(), ...labels }).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `crewshipd_${name}{${pairs.sort().join(',')}}`;
}
