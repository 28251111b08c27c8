/** The queries of a dashboard, asked as Grafana asks them. */
import assert from 'node:assert/strict';
import { runCommand } from '../../tools/cli/run-command.ts';
import type { Prometheus } from '../prometheus.ts';

interface Model {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string; readonly allValue?: string }[];
  };
}

/** As `meterbridge dashboards` writes it. */
export function modelOf(contract: string): Model {
  const { status, stdout, stderr } = runCommand(['dashboards', contract]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

export interface Chosen {
  readonly job: string;
  readonly instance: string;
  readonly rateInterval: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** What Grafana puts in for variables: a choice, which a pattern quotes, or the value of "All", as of a host's name. */
function substitute(text: string, { job, instance, rateInterval }: Chosen): string {
  const query = text
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$job', job)
    .replaceAll('$instance', instance)
    .replaceAll('$hostname', '.*');
  assert.doesNotMatch(query, /\$/, 'a variable that the dashboard has not');
  return query;
}

/** Every query finds a number. Resolves with how many they are. */
export async function askAll(prometheus: Prometheus, { panels }: Model, chosen: Chosen): Promise<number> {
  const queries = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, query: substitute(expr, chosen) })),
  );
  for (const { title, query } of queries) {
    const found = await prometheus.query(query, chosen.at);
    assert.notEqual(found.length, 0, `${title} is empty: ${query}`);
    for (const { value } of found) assert.ok(Number.isFinite(Number(value)), `${title} shows ${value}: ${query}`);
  }
  return queries.length;
}

/** What the variables `job` and `instance` offer, by Prometheus' API for values of labels. */
export async function offered({ url }: Prometheus, { templating }: Model, chosen: Chosen): Promise<Record<string, string[]>> {
  const offers: Record<string, string[]> = {};
  for (const { name, definition, allValue } of templating.list) {
    if (definition === undefined) continue;
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/s.exec(definition) ?? [];
    const range = { start: String(chosen.at - 300), end: String(chosen.at) };
    const query = new URLSearchParams({ 'match[]': substitute(selector, chosen), ...range });
    const response = await fetch(`${url}/api/v1/label/${label}/values?${query}`);
    assert.equal(response.status, 200, definition);
    assert.equal(allValue, '.*');
    offers[name] = ((await response.json()) as { data: string[] }).data;
  }
  return offers;
}
