/** Reading files that use a contract takes time in proportion to their size, and so does what is reported and written of them. */
import { test } from 'node:test';
import { bridgeFile, bridgeOf, planFix, readUsage, reportUsage, unifiedDiff } from '../../../../src/tools/check/usage/index.ts';
import { readTemplate } from '../../../../src/tools/check/usage/read/templates.ts';
import { noUses, withoutVariables } from '../../../../src/tools/check/usage/read/use.ts';
import { wholeText } from '../../../../src/tools/check/usage/source/text.ts';
import { folderFor } from '../../../folder-for.ts';
import { assertLinear } from '../../../linear.ts';
import { changedShop } from './changed-shop.ts';

const used = 'shop_took_milliseconds_count > 5';
const many = (count: number, make: (at: number) => string) => Array.from({ length: count }, (_, at) => make(at));
const rules = (list: readonly string[]) => `groups:\n  - name: shop\n    rules:\n${list.join('')}`;
const dashboard = (targets: readonly object[]) => ({
  title: 'Shop',
  schemaVersion: 39,
  panels: [{ title: 'All', type: 'timeseries', targets }],
});

/** A file of so many things. */
const files: Readonly<Record<string, readonly [name: string, make: (count: number) => string]>> = {
  alerts: ['rules.yaml', (count) => rules(many(count, (at) => `      - alert: A${at}\n        expr: ${used}\n`))],
  'recording rules, each of the one before': [
    'rules.yaml',
    (count) => rules(many(count, (at) => `      - record: a:${at}\n        expr: ${at === 0 ? used : `a:${at - 1}`}\n`)),
  ],
  'recording rules of one series': [
    'rules.yaml',
    (count) => rules(many(count, (at) => `      - record: a:${at}\n        expr: ${used}\n`)),
  ],
  panels: [
    'board.json',
    (count) => JSON.stringify(dashboard(many(count, () => used).map((expr) => ({ refId: 'A', expr }))), undefined, 1),
  ],
  'panels in one line': [
    'board.json',
    (count) => JSON.stringify(dashboard(many(count, () => used).map((expr) => ({ refId: 'A', expr })))),
  ],
  brackets: ['board.json', (count) => '['.repeat(count * 30)],
  escapes: ['board.json', (count) => JSON.stringify({ panels: [], schemaVersion: 39, title: '"\n'.repeat(count * 10) })],
  'folded lines': [
    'rules.yaml',
    (count) =>
      rules([`      - alert: A\n        expr: >-\n${many(count, () => `          ${used} or\n`).join('')}          ${used}\n`]),
  ],
  comments: ['rules.yaml', (count) => rules(many(count, () => '      # nothing\n'))],
};

for (const [what, [name, make]] of Object.entries(files))
  test(`a file of many ${what}`, (t) => {
    assertLinear((count) => {
      const path = folderFor(t)(name, make(count));
      return () => {
        const { rewrites } = reportUsage(readUsage([path]), changedShop);
        return planFix(rewrites).files.map(unifiedDiff);
      };
    }, 400);
  });

const rule = { kind: 'alert', language: 'promql', place: 'a', ...withoutVariables(wholeText('up')) } as const;
const templates: Readonly<Record<string, string>> = {
  labels: '{{ $labels.a }} ',
  'templates that do not end': '{{ ',
  braces: '{',
  'strings in templates that do not end': '{{ "a ',
  queries: '{{ printf "up" . | query }}',
};
for (const [what, part] of Object.entries(templates))
  test(`an annotation of many ${what}`, () => {
    assertLinear((length) => {
      const text = wholeText(part.repeat(Math.ceil(length / part.length)));
      return () => readTemplate(text, 'a', rule, noUses());
    }, 60_000);
  });

test('an annotation with one template of many strings', () => {
  assertLinear((length) => {
    const text = wholeText(`{{ ${'printf "up" '.repeat(length / 12)}}}`);
    return () => readTemplate(text, 'a', rule, noUses());
  }, 100_000);
});

test('a bridge', () => {
  assertLinear((times) => () => Array.from({ length: times }, () => bridgeFile(bridgeOf(changedShop))), 20);
});
