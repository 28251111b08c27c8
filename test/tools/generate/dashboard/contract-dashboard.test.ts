/** Units are held against the ids of Grafana's unit picker (`getCategories()` of `@grafana/data`), typed from its source. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  contract,
  counter,
  gauge,
  histogram,
  identity,
  info,
  oneOf,
  parameter,
  summary,
} from '../../../../src/core/contract/index.ts';
import { rateUnitOf } from '../../../../src/tools/generate/dashboard/units.ts';
import { compactDashboard, contractDashboard, unitOf } from '../../../../src/tools/generate/index.ts';

const app = contract('app', {
  jobs: counter({ help: 'Jobs.', unit: '{job}', labels: { status: oneOf('ok', 'bad'), task: identity() } }),
  wait: histogram({ help: 'Wait.', unit: 's', labels: { kind: oneOf('a', 'b') } }),
  size: histogram({ help: 'Size.', unit: 'By', exponential: {} }),
  both: histogram({ help: 'Both.', unit: 's', bounds: [1], exponential: {} }),
  read: summary({ help: 'Read.', unit: 's' }),
  queueDepth: gauge({ help: 'Depth.', unit: '{job}' }),
  queueOld: gauge({ help: 'Old.', deprecated: 'Use queueDepth.' }),
  lastTimestamp: gauge({ help: 'Last.', unit: 's' }),
  buildInfo: info({ help: 'Build.', labels: { version: identity() } }),
});

interface Model {
  readonly uid: string;
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly includeAll: boolean }[] };
}

const model: Model = JSON.parse(compactDashboard(contractDashboard(app)));
const chosen = '{job=~"$job",instance=~"$instance"}';
const exprs = (title: string) => model.panels.find((panel) => panel.title === title)?.targets?.map(({ expr }) => expr);

test('each kind is drawn as PromQL requires it', () => {
  assert.deepEqual(exprs('Jobs, per second, by status'), [`sum by (status) (rate(app_jobs_total${chosen}[$__rate_interval]))`]);
  assert.deepEqual(exprs('Jobs, per second, top 10 by task'), [
    `topk(10, sum by (task) (rate(app_jobs_total${chosen}[$__rate_interval])))`,
  ]);
  assert.equal(
    exprs('Wait, quantiles')?.[2],
    `histogram_quantile(0.99, sum by (le) (rate(app_wait_seconds_bucket${chosen}[$__rate_interval])))`,
  );
  assert.equal(exprs('Size, quantiles')?.[0], `histogram_quantile(0.5, sum (rate(app_size_bytes${chosen}[$__rate_interval])))`);
  assert.equal(
    exprs('Both, quantiles')?.[0],
    `histogram_quantile(0.5, sum (rate(app_both_seconds${chosen}[$__rate_interval])))
or
histogram_quantile(0.5, sum by (le) (rate(app_both_seconds_bucket${chosen}[$__rate_interval])))`,
  );
  assert.deepEqual(exprs('Read, average'), [
    `sum (rate(app_read_seconds_sum${chosen}[$__rate_interval])) / sum (rate(app_read_seconds_count${chosen}[$__rate_interval]))`,
  ]);
  assert.deepEqual(exprs('Queue depth'), [`sum by (job, instance) (app_queue_depth${chosen})`]);
  assert.deepEqual(exprs('Build info'), [`group by (job, instance, version) (app_build_info${chosen})`]);
});

test('a constant label that the program decides is a variable, and selects', () => {
  const crew = contract(
    'crew',
    { load: gauge({ help: 'Load.' }) },
    { constantLabels: { 'host.name': parameter('secret'), site: 'north' } },
  );
  const text = compactDashboard(contractDashboard(crew));
  const made: Model = JSON.parse(text);
  assert.deepEqual(
    made.templating.list.map(({ name }) => name),
    ['datasource', 'job', 'instance', 'host_name'],
  );
  assert.equal(
    made.panels[1]?.targets?.[0]?.expr,
    `max by (job, instance) (crew_load{job=~"$job",instance=~"$instance",host_name=~"$host_name"})`,
  );
  assert.match(text, /label_values\(crew_load\{job=~\\"\$job\\",instance=~\\"\$instance\\"\}, host_name\)/);
  assert.doesNotMatch(text, /secret/);
});

test('deprecated families are in the last row, and say so', () => {
  const titles = model.panels.map(({ title }) => title);
  assert.deepEqual(titles.slice(-2), ['Deprecated', 'Queue old (deprecated)']);
});

test('no panels overlap, rows included', () => {
  const taken = new Set<string>();
  for (const { title, gridPos } of model.panels) {
    assert.ok(gridPos.x >= 0 && gridPos.x + gridPos.w <= 24, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.ok(!taken.has(`${x},${y}`), `${title} at ${x},${y}`);
        taken.add(`${x},${y}`);
      }
    }
  }
});

test('job and instance can be chosen, with all', () => {
  assert.deepEqual(
    model.templating.list.map(({ name, includeAll }) => [name, includeAll]),
    [
      ['datasource', false],
      ['job', true],
      ['instance', true],
    ],
  );
});

test('a uid has at most 40 characters, and names that are long keep theirs apart', () => {
  const uid = (name: string) => contractDashboard({ ...app, name }).uid;
  assert.equal(uid('app'), 'meterbridge-app');
  const long = ['a'.repeat(60), `${'a'.repeat(59)}b`].map(uid);
  assert.equal(new Set(long).size, 2);
  for (const one of long) assert.match(one, /^[a-zA-Z0-9-]{1,40}$/);
});

const units = [
  ['s', 's', 'percentunit'],
  ['ms', 'ms', 'none'],
  ['us', 'µs', 'none'],
  ['By', 'bytes', 'Bps'],
  ['%', 'percent', 'none'],
  ['Cel', 'celsius', 'none'],
  ['{request}', 'short', 'reqps'],
  ['{job}', 'short', 'ops'],
  ['', 'short', 'ops'],
  ['{USD}', 'currencyUSD', 'none'],
] as const;

for (const [unit, value, rate] of units) {
  test(`${JSON.stringify(unit)} in Grafana`, () => assert.deepEqual([unitOf({ unit }), rateUnitOf({ unit })], [value, rate]));
}
