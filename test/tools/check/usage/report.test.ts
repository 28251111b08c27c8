/**
 * Rules, a test and a dashboard that use a contract's series, against the contract that it becomes: what breaks, what depends on
 * it, and the files afterwards.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { planFix } from '../../../../src/tools/check/usage/fix/plan.ts';
import { unifiedDiff } from '../../../../src/tools/check/usage/fix/unified-diff.ts';
import { writeFix } from '../../../../src/tools/check/usage/fix/write.ts';
import { reportUsage } from '../../../../src/tools/check/usage/judge/report.ts';
import { readUsage } from '../../../../src/tools/check/usage/usage.ts';
import { folderFor } from '../../../folder-for.ts';
import { changedShop } from './changed-shop.ts';

const rules = `# Of the shop.\r
groups:\r
  - name: shop\r
    rules:\r
      - { record: 'state:orders:sum', expr: sum by (state) (shop_orders_total) }\r
      - record: country:users\r
        expr: sum by (country) (shop_users)\r
      - record: loop\r
        expr: loop + country:users\r
      - alert: Slow\r
        expr: |-\r
          shop_wait_milliseconds  # in ms\r
            > 500\r
      - alert: NobodyFrom\r
        expr: loop{country="x"} == 0\r
      - alert: Gone\r
        expr: "rate(shop_gone_total[5m]) > 0"\r
      - alert: Broken\r
        expr: rate(\r
      - alert: Orders\r
        expr: state:orders:sum > 1\r
`;

const rewrittenRules = rules
  .replace(
    'expr: sum by (state) (shop_orders_total) }',
    `expr: 'label_replace(label_replace(sum by (status) (shop_bought_total), "state", "$1", "status", "(.*)"), "status", "", "", "")' }`,
  )
  .replace('shop_wait_milliseconds  #', '(shop_delay_seconds * 1000)  #');

const plays = `tests:
  - input_series:
      - { series: 'shop_orders_total{state="open"}', values: 0+1x5 }
      - { series: shop_wait_milliseconds, values: 1x5 }
`;

const dashboard = JSON.stringify(
  {
    title: 'Shop',
    panels: [
      {
        title: 'Orders',
        type: 'timeseries',
        targets: [{ refId: 'A', expr: 'sum(rate(shop_orders_total{shop="$shop"}[$__rate_interval]))' }],
      },
    ],
    templating: { list: [{ name: 'state', query: 'label_values(shop_orders_total{shop="a"}, state)' }] },
  },
  null,
  2,
);

function files(t: TestContext) {
  const file = folderFor(t);
  const paths = [file('rules.yaml', rules), file('play.yaml', plays), file('shop.json', dashboard)];
  return { paths, file };
}

test('every expression that breaks, with what it reads, and what cannot be read', (t) => {
  const { paths } = files(t);
  const { report } = reportUsage(readUsage(paths), changedShop);
  const said = report.findings.map(({ file, line, place, impact, through, rewritten, reasons }) =>
    [
      file.replace(/.*\//, ''),
      line,
      place,
      impact,
      through.join('>'),
      rewritten === undefined ? '' : 'rewritten',
      reasons.length,
    ].join(' | '),
  );
  assert.deepEqual(said, [
    'rules.yaml | 5 | group shop, record state:orders:sum | breaking |  | rewritten | 0',
    'rules.yaml | 7 | group shop, record country:users | breaking |  |  | 1',
    'rules.yaml | 9 | group shop, record loop | breaking | country:users |  | 1',
    'rules.yaml | 12 | group shop, alert Slow | breaking |  | rewritten | 0',
    'rules.yaml | 15 | group shop, alert NobodyFrom | breaking | loop>country:users |  | 1',
    'rules.yaml | 17 | group shop, alert Gone | breaking |  |  | 1',
    'rules.yaml | 21 | group shop, alert Orders | breaking | state:orders:sum |  | 0',
    'play.yaml | 3 | test 1 | breaking |  | rewritten | 0',
    'play.yaml | 4 | test 1 | breaking |  |  | 1',
    'shop.json | 10 | dashboard Shop, panel "Orders", query A | breaking |  | rewritten | 0',
    'shop.json | 19 | dashboard Shop, variable state | breaking |  | rewritten | 0',
    'shop.json | 19 | dashboard Shop, variable state | breaking |  | rewritten | 0',
  ]);
  assert.deepEqual(
    report.unread.map(({ line, column }) => [line, column]),
    [[19, 20]],
  );
  const { counts } = report;
  assert.deepEqual(counts, {
    files: 3,
    skipped: 0,
    dashboards: 1,
    expressions: 12,
    withSeries: 11,
    broken: 11,
    risky: 0,
    rewritable: 5,
    notRewritable: 5,
    unread: 1,
  });
});

test('what is rewritten is rewritten in place, and all else stays byte for byte; a second run changes nothing', (t) => {
  const { paths } = files(t);
  const [rulesFile = '', playFile = '', dashboardFile = ''] = paths;
  const fix = () => planFix(reportUsage(readUsage(paths), changedShop).rewrites);
  const plan = fix();
  assert.deepEqual(plan.notWritten, []);
  assert.deepEqual(writeFix(plan.files), { written: paths, refused: [] });
  assert.equal(readFileSync(rulesFile, 'utf8'), rewrittenRules);
  assert.equal(readFileSync(playFile, 'utf8'), plays.replace('shop_orders_total{state', 'shop_bought_total{status'));
  assert.equal(
    readFileSync(dashboardFile, 'utf8'),
    dashboard.replaceAll('shop_orders_total', 'shop_bought_total').replace('}, state)', '}, status)'),
  );
  assert.deepEqual(fix(), { files: [], notWritten: [] });
});

test('a file that has changed since it was read is left alone', (t) => {
  const { paths } = files(t);
  const plan = planFix(reportUsage(readUsage(paths), changedShop).rewrites);
  writeFileSync(paths[0] ?? '', `${rules}# Mine.\n`);
  const { written, refused } = writeFix(plan.files);
  assert.deepEqual(written, paths.slice(1));
  assert.deepEqual(refused, [{ file: paths[0], reason: 'it has changed since it was read' }]);
  assert.equal(readFileSync(paths[0] ?? '', 'utf8'), `${rules}# Mine.\n`);
});

test('the unified diff is one that git applies, also to a name with a space', (t) => {
  const { paths, file } = files(t);
  const plan = planFix(reportUsage(readUsage(paths), changedShop).rewrites);
  for (const each of plan.files) {
    const patched = file('a copy', each.file.text);
    const input = unifiedDiff({ ...each, file: { ...each.file, path: './a copy' } });
    const options = {
      cwd: dirname(patched),
      input,
      encoding: 'utf8',
      env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
    } as const;
    const { stdout, stderr, status } = spawnSync('git', ['-c', 'core.autocrlf=false', 'apply', '-'], options);
    assert.deepEqual([stdout, stderr, status], ['', '', 0]);
    assert.equal(readFileSync(patched, 'utf8'), each.after);
  }
});
