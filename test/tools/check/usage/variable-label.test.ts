/** `label_values(series, label)` follows a label's new name, but for one that another label had. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contract, counter, oneOf } from '../../../../src/core/contract/index.ts';
import { diffContracts } from '../../../../src/tools/check/diff/diff-contracts.ts';
import { planFix, readUsage, reportUsage, writeFix } from '../../../../src/tools/check/usage/index.ts';
import { folderFor } from '../../../folder-for.ts';

const set = oneOf('a', 'b');
const shop = (...[first = '', second = '']: readonly string[]) =>
  contract('shop', { orders: counter({ help: 'Orders.', labels: { [first]: set, [second]: set } }) });
const labels = (renames: Readonly<Record<string, string>>) => ({
  metrics: new Map(),
  labels: new Map([['shop_orders_total', new Map(Object.entries(renames))]]),
  values: new Map(),
});

for (const [what, next, renames, query] of [
  ['a new name', shop('region', 'state'), { zone: 'region' }, 'label_values(shop_orders_total, region)'],
  [
    'two labels that swap their names',
    shop('state', 'zone'),
    { zone: 'state', state: 'zone' },
    'label_values(shop_orders_total, zone)',
  ],
  [
    'a selector that is not rewritten',
    shop('region', 'other'),
    { zone: 'region' },
    'label_values(shop_orders_total{state="a"}, zone)',
  ],
] as const)
  test(`a variable, after ${what}`, (t) => {
    const old = query.replace('region', 'zone');
    const variable = { name: 'zone', type: 'query', query: { query: old }, definition: old };
    const path = folderFor(t)(
      'board.json',
      JSON.stringify({ title: 'Shop', schemaVersion: 39, panels: [], templating: { list: [variable] } }),
    );
    const diff = diffContracts(shop('zone', 'state'), next, labels(renames));
    for (const run of ['first', 'second']) {
      const { report, rewrites } = reportUsage(readUsage([path]), diff);
      assert.ok(run === 'second' || report.findings.some(({ kind, impact }) => kind === 'variable' && impact === 'breaking'));
      writeFix(planFix(rewrites).files);
      const { templating } = JSON.parse(readFileSync(path, 'utf8'));
      assert.equal(templating.list[0].query.query, query, `${run} run`);
    }
  });
