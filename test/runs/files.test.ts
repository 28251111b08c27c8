/**
 * Whatever stands in a page, a file of lines, a configuration, a contract, or a file that uses one: reading it, and what is said
 * of it, takes linear time.
 */
import { test } from 'node:test';
import { parseWebConfig } from '../../src/net/web-config/parse.ts';
import { readUsage, reportUsage } from '../../src/tools/check/usage/index.ts';
import { folderFor } from '../folder-for.ts';
import { assertLinearIn } from '../linear.ts';
import { changedShop } from '../tools/check/usage/changed-shop.ts';
import { runHere } from '../tools/cli/run-here.ts';
import { textFields } from './request.ts';
import { type Run, runs } from './runs.ts';

const json = JSON.stringify;

/** Each line is read, or refused, by itself. */
const page = (text: string) =>
  [
    ...['HELP', 'TYPE', 'UNIT'].flatMap((word) => [`# ${word} a ${text}`, `# ${word} ${text} gauge`]),
    ...[
      text,
      `a{b="${text}"} 1`,
      `a{${text}="b"} 1`,
      `{${json(text)},b="c"} 1`,
      `a ${text}`,
      `a 1 ${text}`,
      `a 1 # {b="${text}"} 1`,
    ],
    ...[`# ${text}`, `b{c=${json(text)}} 1`, `# HELP d_bytes ${text}`, 'd_bytes 1', '# EOF'],
  ].join('\n');

const contract = (text: string) => ({
  name: 'app',
  metrics: {
    a: { kind: 'counter', help: text, unit: `{${text}}`, labels: { b: { kind: 'closed', values: [text] } } },
    c: { kind: 'gauge', help: 'C.', instrument: text },
  },
});

const collector = (text: string) => ({
  receivers: { otlp: { protocols: { http: { endpoint: text } } }, [`otlp/${text}`]: {} },
  processors: {
    attributes: { actions: [{ key: text, action: text, value: text }] },
    batch: { timeout: text, send_batch_size: text },
  },
  exporters: {
    prometheus: { endpoint: `127.0.0.1:${text}`, namespace: text, const_labels: { [text]: text } },
    otlphttp: { endpoint: `http://${text}` },
  },
  service: { pipelines: { [`metrics/${text}`]: { receivers: [text], exporters: ['prometheus'] } } },
});

const rules = (text: string) => ({
  groups: [
    {
      name: text,
      rules: [
        { record: 'a:b', expr: text },
        {
          alert: text,
          for: text,
          expr: `up{job="${text}"}`,
          annotations: { a: text, b: `{{ ${text} }}`, c: `{{ "${text}" | query }}` },
        },
        { alert: 'A', expr: `rate(shop_orders_total[${text}])`, labels: { a: `{{ $labels.${text} }}` } },
      ],
    },
  ],
});

const dashboard = (text: string) => ({
  title: text,
  schemaVersion: 39,
  panels: [
    {
      title: text,
      type: 'timeseries',
      targets: [
        { refId: 'A', expr: text, legendFormat: text },
        { refId: 'B', expr: `shop_orders_total{a=~"${text}"}` },
      ],
    },
  ],
  templating: { list: [{ name: text, type: 'query', query: `label_values(${text}, ${text})`, definition: text }] },
});

const alertmanager = (text: string) => ({
  route: { receiver: text, group_by: [text], matchers: [text, `a="${text}"`, `{${text}}`] },
  receivers: [],
});

type Door = (text: string, file: (name: string, content: string) => string) => () => unknown;

const doors: Readonly<Record<string, Door>> = {
  'a page': (text, file) => {
    const path = file('page.prom', page(text));
    return async () => {
      await runHere(['infer', path]);
      for (const format of ['text', 'github', 'junit', 'sarif']) await runHere(['check', path, '-f', format]);
    };
  },
  'lines of OTLP': (text, file) => {
    const path = file('lines.jsonl', `${json(textFields(text))}\n`);
    return async () => {
      await runHere(['infer', path]);
      await runHere(['check', path]);
    };
  },
  'a contract': (text, file) => {
    const path = file('contract.json', json(contract(text)));
    return async () => {
      for (const command of ['docs', 'dashboards', 'rules']) await runHere([command, path]);
    };
  },
  "a Collector's configuration": (text, file) => {
    const paths = [
      file('a.yaml', json(collector(text))),
      file('b.yaml', `receivers: ${text}\n${text}: a\nc: "${text}"\nd: |\n  ${text}\n`),
    ];
    return async () => {
      for (const path of paths) await runHere(['validate', '--config', path]);
    };
  },
  'a web configuration': (text) => () => {
    const tls = {
      cert: text,
      key: text,
      client_ca: `-----BEGIN CERTIFICATE-----${text}`,
      cert_file: undefined,
      client_allowed_sans: [text],
    };
    for (const yaml of [
      text,
      json({ basic_auth_users: { [text]: text }, rate_limit: { interval: text }, [text]: text, tls_server_config: tls }),
    ])
      parseWebConfig('web.yml', '/web.yml', yaml);
  },
  'rules, a dashboard and routes': (text, file) => {
    const paths = [rules(text), dashboard(text), alertmanager(text)].map((content, at) => file(`${at}.json`, json(content)));
    paths.push(file('raw.yaml', `groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: ${text}\n`));
    return () => reportUsage(readUsage(paths), changedShop);
  },
};

for (const [door, make] of Object.entries(doors))
  for (const { name, of } of runs satisfies readonly Run[])
    test(`${door} of ${name}`, (t) => {
      const file = folderFor(t);
      return assertLinearIn((length) => make(of(length), file));
    });
