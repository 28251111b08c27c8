/** A family without TYPE, and one whose type is `untyped`, are two things. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lint } from '../../../../src/tools/check/lint/lint.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';

async function found(page: string, format: 'text' | 'openmetrics' = 'text'): Promise<readonly string[]> {
  async function* bytes() {
    yield Buffer.from(page);
  }
  const { observed } = await readPage(bytes(), { source: 'page', format, maxBytes: 1e6 });
  return lint(observed).map(({ id }) => id);
}

for (const [what, page, ids] of [
  ['nothing', 'shop_load 1\n', ['help-missing', 'type-missing']],
  ['a help', '# HELP shop_load Load.\nshop_load 1\n', ['type-missing']],
  ['a type', '# TYPE shop_load untyped\nshop_load 1\n', ['help-missing', 'type-unknown']],
  ['both', '# HELP shop_load Load.\n# TYPE shop_load untyped\nshop_load 1\n', ['type-unknown']],
  ['both, known', '# HELP shop_load Load.\n# TYPE shop_load gauge\nshop_load 1\n', []],
] as const)
  test(`a family that has ${what}`, async () => assert.deepEqual(await found(page), ids));

test('OpenMetrics calls it unknown', async () => {
  assert.deepEqual(await found('# HELP shop_load Load.\n# TYPE shop_load unknown\nshop_load 1\n# EOF\n', 'openmetrics'), [
    'type-unknown',
  ]);
  assert.deepEqual(await found('# HELP shop_load Load.\nshop_load 1\n# EOF\n', 'openmetrics'), ['type-missing']);
});
