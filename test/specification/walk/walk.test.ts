/** The walk is whole: each section has a row for each of its rules, and each test that a row names is there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { api } from './api.ts';
import { dataModel } from './data-model.ts';
import { noOp } from './no-op.ts';
import { sdkAggregation } from './sdk-aggregation.ts';
import { sdkExemplars } from './sdk-exemplars.ts';
import { sdkProvider } from './sdk-provider.ts';
import { sdkReaders } from './sdk-readers.ts';

const pages = [api, sdkProvider, sdkAggregation, sdkExemplars, sdkReaders, dataModel, noOp];

/** MUST (NOT) and SHOULD (NOT) in the pages of the specification 1.60: API, SDK, data model, no-op. */
const rulesOfPages = 106 + 239 + 23 + 55;

const sources = new Map<string, string>();
function sourceOf(file: string): string {
  const source = sources.get(file) ?? readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  sources.set(file, source);
  return source;
}

for (const { title, sections } of pages) {
  test(`${title}: every rule has a test or a reason`, () => {
    for (const { heading, rules, rows } of sections) {
      assert.equal(
        rows.reduce((sum, [count]) => sum + count, 0),
        rules,
        heading,
      );
      for (const [, rule, held] of rows) {
        if ('because' in held) assert.ok(held.because.length > 10, `${heading}: ${rule}`);
        else assert.ok(sourceOf(held.file).includes(held.says), `${heading}: ${rule}: ${held.file} has no "${held.says}"`);
      }
    }
  });
}

test('no section of the pages is left out', () => {
  const rules = pages.flatMap(({ sections }) => sections.map((section) => section.rules));
  assert.equal(
    rules.reduce((sum, count) => sum + count, 0),
    rulesOfPages,
  );
});
