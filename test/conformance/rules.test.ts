/**
 * The rule files of `deploy/`, held by the tools of Prometheus itself: promtool plays hours to them, and a real server evaluates
 * them on real hosts.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { until } from '../until.ts';
import { startCrewshipdDaemon } from './crewshipd-daemon.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';
import { promtoolSays } from './promtool.ts';
import { random } from './random.ts';
import { startRunwispDaemon } from './runwisp-daemon.ts';
import { startWasmrunDaemon } from './wasmrun-daemon.ts';

const hosts = [
  { host: 'runwisp', start: startRunwispDaemon },
  { host: 'crewshipd', start: startCrewshipdDaemon },
  { host: 'wasmrun', start: startWasmrunDaemon },
] as const;

const rulesOf = (host: string) => join(import.meta.dirname, `../../deploy/prometheus/${host}.rules.yaml`);
const playOf = (host: string) => join(import.meta.dirname, `rules/${host}.test.yaml`);

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

interface Play {
  readonly input_series: readonly unknown[];
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
}

const rules = (host: string): readonly Rule[] => parse(readFileSync(rulesOf(host), 'utf8')).groups[0].rules;
const plays = (host: string): readonly Play[] => parse(readFileSync(playOf(host), 'utf8')).tests;

/** Whether an alert is told at each of a play's times, e.g. `silent, firing, silent`. */
function course({ alert_rule_test }: Play, alert: string): string {
  const at = alert_rule_test.filter(({ alertname }) => alertname === alert);
  return at.map(({ exp_alerts }) => (exp_alerts.length > 0 ? 'firing' : 'silent')).join(', ');
}

for (const { host, start } of hosts) {
  test(`promtool check rules: ${host}`, (t: TestContext) => {
    const binary = requirePeer(t, 'promtool');
    if (binary === undefined) return;
    const said = promtoolSays(binary, 'check', 'rules', '--lint=all', '--lint-fatal', rulesOf(host));
    assert.match(said, new RegExp(`SUCCESS: ${rules(host).length} rules found`));
  });

  test(`promtool test rules: ${host}`, (t: TestContext) => {
    const binary = requirePeer(t, 'promtool');
    if (binary === undefined) return;
    assert.match(promtoolSays(binary, 'test', 'rules', playOf(host)), /SUCCESS/);
  });

  for (const { alert } of rules(host)) {
    test(`${alert} is played firing, resolved, and silent where nothing is known`, () => {
      const courses = plays(host).map((play) => course(play, alert));
      assert.ok(
        courses.some((seen) => /^silent.*firing, silent/.test(seen)),
        courses.join('; '),
      );
      const unknown = plays(host).filter(({ input_series }) => input_series.length === 0);
      assert.deepEqual(
        unknown.map((play) => course(play, alert)),
        ['silent'],
      );
    });
  }

  test(`Prometheus evaluates the rules of ${host}, and the host has every series that they ask for`, async (t: TestContext) => {
    const binary = requirePeer(t, 'prometheus');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const daemon = await start(random());
    atEnd(daemon.close);
    daemon.run(10);
    const job = { job_name: host, static_configs: [{ targets: [new URL(daemon.url).host] }] };
    const prometheus = await runPrometheus(t, binary, { scrape_configs: [job], rule_files: [rulesOf(host)] });
    atEnd(prometheus.stop);
    const at = await prometheus.scraped();

    const selectors = rules(host).flatMap(({ expr }) => expr.match(new RegExp(`\\b${host}_\\w+({[^}]*})?`, 'g')) ?? []);
    assert.ok(selectors.length >= rules(host).length);
    for (const selector of selectors) assert.notDeepEqual(await prometheus.query(selector, at), [], selector);

    await until('evaluated', async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'));
    assert.deepEqual(
      (await prometheus.rules()).map(({ name, health, lastError }) => ({ name, health, lastError })),
      rules(host).map(({ alert }) => ({ name: alert, health: 'ok', lastError: undefined })),
    );
  });
}
