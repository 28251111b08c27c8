/** What files use, each expression with its place. The files have the shapes of those that people publish. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readText } from '../../../../src/tools/check/usage/read/document.ts';
import type { Uses } from '../../../../src/tools/check/usage/read/use.ts';
import { apply, wholeText } from '../../../../src/tools/check/usage/source/text.ts';
import { readUsage } from '../../../../src/tools/check/usage/usage.ts';
import { folderFor } from '../../../folder-for.ts';

const yaml = (text: string) => readText(wholeText(text), false);
const json = (value: unknown) => readText(wholeText(JSON.stringify(value, null, 2)), true);
const expressions = ({ expressions: all }: Uses) =>
  all.map(({ kind, language, place, promql }) => `${kind} ${language} | ${place} | ${promql}`);
const labels = ({ labels: all }: Uses) =>
  all.map(({ kind, place, name, value }) => `${kind} | ${place} | ${name.text}${value === undefined ? '' : `=${value.text}`}`);

const rules = `groups:
  - name: shop
    labels: { team: a }
    rules:
      - record: job:orders:rate5m
        expr: sum by (job) (rate(orders_total[5m]))
      - alert: OrdersStop
        expr: |
          job:orders:rate5m == 0
        labels:
          severity: page
        annotations:
          summary: '{{ $labels.job }} of {{ .Labels.shop }} has {{ with query "orders_total{job=\\"a\\"}" }}{{ . | first | value }}{{ end }}'
          more: "{{ index $labels \\"state\\" }} {{ printf \\"up{job='%s'}\\" $labels.job | query | len }}"
`;

test('rule files: alerts, records and the templates of annotations', () => {
  const uses = yaml(rules);
  assert.deepEqual(expressions(uses), [
    'record promql | group shop, record job:orders:rate5m | sum by (job) (rate(orders_total[5m]))',
    'alert promql | group shop, alert OrdersStop | job:orders:rate5m == 0\n',
    'template promql | group shop, alert OrdersStop, annotation summary | orders_total{job="a"}',
    "template promql | group shop, alert OrdersStop, annotation more | up{job='%s'}",
  ]);
  assert.deepEqual(labels(uses), [
    'template | group shop, alert OrdersStop, annotation summary | job',
    'template | group shop, alert OrdersStop, annotation summary | shop',
    'template | group shop, alert OrdersStop, annotation more | state',
    'template | group shop, alert OrdersStop, annotation more | job',
  ]);
  assert.deepEqual(uses.expressions[1]?.sets, ['team', 'severity']);
});

test('a query in a template is replaced where it stands, in the quotes of two languages', () => {
  const uses = yaml(rules);
  const query = uses.expressions[2]?.text;
  assert.ok(query !== undefined);
  assert.equal(
    apply(rules, query.edits([{ from: 0, to: 12, text: 'bought_total' }]) ?? []),
    rules.replace('orders_total{job=\\"a', 'bought_total{job=\\"a'),
  );
});

const indented = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));
const wrapped: readonly (readonly [string, string])[] = [
  ['a namespace of mimirtool', `namespace: shop\n${rules}`],
  ["a ruler's list of namespaces", `shop:\n${rules.replace('groups:\n', '')}`],
  [
    'a PrometheusRule',
    `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec:\n${indented(rules, 2)}`,
  ],
  ['a List of them', `kind: List\nitems:\n  - kind: PrometheusRule\n    spec:\n${indented(rules, 6)}`],
  ['several documents', `---\nkind: Service\n---\n${rules}`],
  ['a ConfigMap', `kind: ConfigMap\ndata:\n  rules.yaml: |\n${indented(rules, 4)}`],
];
for (const [name, file] of wrapped) {
  test(`rules in ${name}, with their places`, () => {
    const uses = yaml(file);
    assert.deepEqual(expressions(uses), expressions(yaml(rules)));
    assert.ok(uses.known);
    const text = uses.expressions[0]?.text;
    assert.equal(file.slice(text?.at(0), text?.at(12)), 'sum by (job)');
    assert.equal(
      apply(file, text?.edits([{ from: 14, to: 18, text: 'irate' }]) ?? []),
      file.replace('rate(orders', 'irate(orders'),
    );
  });
}

test('rule tests: series, expressions, the labels of samples and of alerts', () => {
  const uses = yaml(`rule_files: [a.yaml]
tests:
  - name: stop
    input_series:
      - series: 'orders_total{state="open"}'
        values: '0+1x10'
    promql_expr_test:
      - expr: sum(orders_total)
        eval_time: 4m
        exp_samples: [{labels: '{state="open"}', value: 4}]
    alert_rule_test:
      - alertname: OrdersStop
        eval_time: 5m
        exp_alerts: [{exp_labels: {severity: page, state: open}}]
`);
  assert.deepEqual(expressions(uses), [
    'test series | test stop | orders_total{state="open"}',
    'test promql | test stop, promql_expr_test at 4m | sum(orders_total)',
    'test result | test stop, promql_expr_test at 4m | {state="open"}',
  ]);
  assert.deepEqual(labels(uses), [
    'expectation | test stop, alert OrdersStop at 5m | severity=page',
    'expectation | test stop, alert OrdersStop at 5m | state=open',
  ]);
});

test('Alertmanager: matchers of routes and inhibitions, in each of their forms', () => {
  const uses = yaml(`route:
  receiver: all
  group_by: [alertname, shop]
  routes:
    - matchers: ['state = "open"', severity=~"a|b", '{team="x", kind!="y"}']
      routes:
        - match: {old: a}
          match_re: {older: a.*}
inhibit_rules:
  - source_matchers: [a="b"]
    target_match: {c: d}
    equal: [shop]
receivers: [{name: all}]
`);
  assert.deepEqual(labels(uses), [
    'matcher | route.group_by | alertname',
    'matcher | route.group_by | shop',
    'matcher | route.routes[0].matchers | state=open',
    'matcher | route.routes[0].matchers | severity',
    'matcher | route.routes[0].matchers | team=x',
    'matcher | route.routes[0].matchers | kind',
    'matcher | route.routes[0].routes[0].match | old=a',
    'matcher | route.routes[0].routes[0].match_re | older=a.*',
    'matcher | inhibit_rules[0].source_matchers | a=b',
    'matcher | inhibit_rules[0].target_match | c=d',
    'matcher | inhibit_rules[0].equal | shop',
  ]);
});

const panel = (title: string, expr: string, more = {}) => ({
  title,
  type: 'timeseries',
  targets: [{ refId: 'A', expr, ...more }],
});

test('dashboards: panels, rows, panels in panels, variables and annotations', () => {
  const uses = json({
    __inputs: [{ name: 'DS', type: 'datasource' }],
    title: 'Shop',
    panels: [
      panel('Orders', 'rate(orders_total{shop="$shop"}[$__rate_interval])', { legendFormat: '{{state}} of {{ shop }}' }),
      { type: 'row', title: 'More', panels: [panel('Inner', 'up')] },
      { ...panel('Logs', '{app="a"} |= "x"'), datasource: { type: 'loki' } },
      {
        ...panel('Table', 'orders_total'),
        transformations: [{ id: 'organize', options: { excludeByName: { Time: true, state: true } } }],
      },
    ],
    rows: [{ panels: [panel('Old', 'down')] }],
    templating: {
      list: [
        {
          name: 'shop',
          query: { query: 'label_values(orders_total{job=~"$job"}, shop)' },
          definition: 'label_values(orders_total{job=~"$job"}, shop)',
        },
        { name: 'any', query: 'label_values(state)' },
        { name: 'sum', query: 'query_result(sum(orders_total))' },
        { name: 'names', query: 'metrics(orders_.*)' },
      ],
    },
    annotations: { list: [{ name: 'Starts', expr: 'changes(start_time[5m])' }] },
  });
  assert.deepEqual(expressions(uses), [
    'panel promql | dashboard Shop, panel "Orders", query A | rate(orders_total{shop="xxxxx"}[111111111111111s])',
    'panel promql | dashboard Shop, panel "Inner", query A | up',
    'panel promql | dashboard Shop, panel "Table", query A | orders_total',
    'panel promql | dashboard Shop, panel "Old", query A | down',
    'variable selector | dashboard Shop, variable shop | orders_total{job=~"xxxx"}',
    'variable selector | dashboard Shop, variable shop | orders_total{job=~"xxxx"}',
    'variable promql | dashboard Shop, variable sum | sum(orders_total)',
    'variable names | dashboard Shop, variable names | orders_.*',
    'annotation promql | dashboard Shop, annotation Starts | changes(start_time[5m])',
  ]);
  assert.deepEqual(labels(uses), [
    'legend | dashboard Shop, panel "Orders", query A | state',
    'legend | dashboard Shop, panel "Orders", query A | shop',
    'field | dashboard Shop, panel "Table" | Time',
    'field | dashboard Shop, panel "Table" | state',
    'variable | dashboard Shop, variable shop | shop',
    'variable | dashboard Shop, variable shop | shop',
    'variable | dashboard Shop, variable any | state',
  ]);
  assert.equal(uses.dashboards, 1);
});

test('dashboards of schema v2, library panels, and dashboards in a ConfigMap', () => {
  const query = { kind: 'DataQuery', group: 'prometheus', spec: { expr: 'rate(orders_total[5m])', legendFormat: '{{shop}}' } };
  const element = {
    kind: 'Panel',
    spec: {
      title: 'Orders',
      data: { kind: 'QueryGroup', spec: { queries: [{ kind: 'PanelQuery', spec: { refId: 'A', query } }] } },
    },
  };
  const v2 = {
    apiVersion: 'dashboard.grafana.app/v2beta1',
    kind: 'Dashboard',
    spec: { title: 'Shop', elements: { 'panel-1': element }, layout: {} },
  };
  assert.deepEqual(expressions(json(v2)), ['panel promql | dashboard Shop, panel "Orders" | rate(orders_total[5m])']);
  const library = { name: 'Orders', kind: 1, model: panel('Orders', 'orders_total') };
  assert.deepEqual(expressions(json(library)), ['panel promql | dashboard Orders, panel "Orders", query A | orders_total']);
  const dashboard = JSON.stringify({ title: 'Shop', panels: [panel('Orders', 'orders_total{shop="a"}')] });
  const map = `kind: ConfigMap\ndata:\n  shop.json: |-\n    ${dashboard}\n`;
  const text = yaml(map).expressions[0]?.text;
  assert.equal(apply(map, text?.edits([{ from: 19, to: 20, text: '"a\\"' }]) ?? []), map.replace('\\"a\\"', '\\"\\"a\\\\\\"\\"'));
});

test("provisioning: Grafana's own alerts, and the folders of providers", () => {
  const uses = yaml(`apiVersion: 1
groups:
  - name: shop
    folder: a
    rules:
      - title: Orders stop
        data:
          - {refId: A, datasourceUid: prometheus, model: {expr: 'rate(orders_total[5m])', refId: A}}
          - {refId: B, datasourceUid: __expr__, model: {type: threshold, expression: A}}
`);
  assert.deepEqual(expressions(uses), ['alert promql | group shop, alert Orders stop, query A | rate(orders_total[5m])']);
  assert.deepEqual(yaml('apiVersion: 1\nproviders:\n  - {name: a, options: {path: dashboards}}\n').follows, ['dashboards']);
});

test('folders: known files, in order, each once; loops of links, hidden folders and what is too large', (t) => {
  const folder = folderFor(t)('');
  mkdirSync(join(folder, 'a/.git'), { recursive: true });
  mkdirSync(join(folder, 'dashboards'));
  writeFileSync(join(folder, 'a/b.yaml'), rules);
  writeFileSync(join(folder, 'a/.git/c.yaml'), rules);
  writeFileSync(join(folder, 'a/large.json'), JSON.stringify({ panels: [], pad: 'x'.repeat(10_000) }));
  writeFileSync(join(folder, 'a/notes.md'), '# Rules');
  writeFileSync(join(folder, 'a/other.yaml'), 'a: 1');
  writeFileSync(join(folder, 'a/broken.json'), '{"panels": [}\n');
  writeFileSync(join(folder, 'a/latin.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
  writeFileSync(join(folder, 'dashboards/d.json'), JSON.stringify({ title: 'D', panels: [panel('P', 'up')] }));
  writeFileSync(join(folder, 'a/providers.yaml'), 'providers: [{options: {path: ../dashboards}}, {options: {path: /nowhere/x}}]');
  symlinkSync(folder, join(folder, 'a/loop'));
  symlinkSync(join(folder, 'a/b.yaml'), join(folder, 'a/z.yaml'));
  const { files, unread, skipped } = readUsage([join(folder, 'a'), join(folder, 'missing.yaml')], {
    files: 100,
    fileBytes: 5_000,
    bytes: 50_000,
  });
  const relative = (path: string) => path.slice(path.startsWith(folder) ? folder.length : 0).replace(/^\//, '');
  assert.deepEqual(files.map(({ path }) => relative(path)).toSorted(), [
    'a/b.yaml',
    'a/loop/dashboards/d.json',
    'a/providers.yaml',
  ]);
  assert.equal(skipped, 2);
  const said = unread.map(({ file, position, reason }) => `${relative(file)}:${position?.line ?? ''}: ${reason}`).toSorted();
  assert.deepEqual(
    said.map((line) => line.slice(0, 60)),
    [
      'a/broken.json:1: not JSON: want a value',
      'a/large.json:: it has 10022 bytes, and 5000 are read at most',
      'a/latin.yaml:: it is not UTF-8',
      "a/providers.yaml:: its provider's folder /nowhere/x is not o",
      'missing.yaml:: there is no such file',
    ],
  );
});
