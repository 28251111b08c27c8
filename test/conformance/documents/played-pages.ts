/** Pages of a host at work, spread over hours: `promtool test rules` evaluates expressions and rule files over them, at once. */
import type { TestContext } from 'node:test';
import { folderFor } from '../../folder-for.ts';
import { promtoolSays } from '../promtool.ts';
import { familiesOf } from '../series.ts';

export interface PlayedPage {
  /** Text 0.0.4. */
  readonly page: string;
  /** In minutes; until the next page of its instance, or to the end. */
  readonly from: number;
  /** Default: `a`. */
  readonly instance?: string;
}

/** An expression that has a result at a minute, or has none. */
export type Asked = readonly [minute: number, promql: string, result: boolean];

export interface Played {
  /** `job` of all series. */
  readonly job: string;
  readonly pages: readonly PlayedPage[];
  readonly minutes: number;
  readonly rules?: readonly string[];
  readonly asked: readonly Asked[];
}

/** Whether an alert fires. */
export const firing = (alert: string) => `ALERTS{alertname="${alert}", alertstate="firing"}`;

/** Fails with what promtool says. */
export function playPages(t: TestContext, promtool: string, { job, pages, minutes, rules = [], asked }: Played): void {
  const values = new Map<string, string[]>();
  for (const [at, { page, from, instance = 'a' }] of pages.entries()) {
    const next = pages.slice(at + 1).find((later) => (later.instance ?? 'a') === instance)?.from ?? minutes + 1;
    for (const { name, labels, value } of familiesOf(page, 'text').flatMap(({ samples }) => samples)) {
      const all = [['job', job], ['instance', instance], ...labels].map(([label, text]) => `${label}=${JSON.stringify(text)}`);
      const series = `${name}{${all.join(',')}}`;
      const shown = values.get(series) ?? Array.from({ length: minutes + 1 }, () => '_');
      values.set(series, shown.fill(String(value), from, next));
    }
  }
  const promql_expr_test = asked.map(([minute, promql, result]) => ({
    expr: `group(${promql})`,
    eval_time: `${minute}m`,
    exp_samples: result ? [{ labels: '{}', value: 1 }] : [],
  }));
  const input_series = [...values].map(([series, shown]) => ({ series, values: shown.join(' ') }));
  const test = { interval: '1m', input_series, promql_expr_test };
  // JSON is YAML.
  const file = folderFor(t)('test.yaml', JSON.stringify({ rule_files: rules, evaluation_interval: '1m', tests: [test] }));
  promtoolSays(promtool, 'test', 'rules', file);
}
