/** Constant labels that the program decides: any value, and one on a page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge, parameter } from '../../../../src/core/contract/index.ts';
import { holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { observe, short } from './pages.ts';

const crew = contract(
  'crew',
  { load: gauge({ help: 'Load.' }), size: gauge({ help: 'Size.' }) },
  { constantLabels: { hostname: parameter('the machine that checks') } },
);

const page = (load: readonly string[], size: readonly string[]) =>
  [
    ['load', 'Load.', load],
    ['size', 'Size.', size],
  ]
    .map(([name, help, series]) => {
      const lines = (series as readonly string[]).map((labels) => `crew_${name}${labels} 1\n`).join('');
      return `# HELP crew_${name} ${help}\n# TYPE crew_${name} gauge\n${lines}`;
    })
    .join('');

const at = (metric: string) => `crew.metrics.${metric}.constantLabels.hostname`;

const cases: readonly (readonly [what: string, text: string, found: readonly string[]])[] = [
  ['whatever it is', page(['{hostname="a"}'], ['{hostname="a"}']), []],
  [
    'absent',
    page([''], ['{hostname="a"}']),
    [`contract-constant-label | crew_load | hostname | ${at('load')} | 1 of 1 series without it`],
  ],
  ['empty', page(['{hostname=""}'], ['{hostname="a"}']), [`contract-constant-label | crew_load | hostname | ${at('load')} | ""`]],
  [
    'two of a family',
    page(['{hostname="a"}', '{hostname="b"}'], ['{hostname="a"}']),
    [`contract-constant-label | crew_load | hostname | ${at('load')} | "b"`],
  ],
  [
    'another one of the next family',
    page(['{hostname="a"}'], ['{hostname="b"}']),
    [`contract-constant-label | crew_size | hostname | ${at('size')} | "b"`],
  ],
  [
    'one of each target that a Prometheus has scraped',
    page(['{hostname="a",instance="1"}', '{hostname="b",instance="2"}'], ['{hostname="a",instance="1"}']),
    [],
  ],
];

for (const [what, text, found] of cases) {
  test(`a label that the program decides: ${what}`, async () => {
    assert.deepEqual(holdToContract(await observe(text), crew).map(short), found);
  });
}
