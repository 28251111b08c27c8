import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Contract, lint, lintIds } from '../../../src/core/contract/index.ts';

const page = readFileSync(new URL('../../../docs/contract.md', import.meta.url), 'utf8');
const builder = new URL('../../../src/core/contract/index.ts', import.meta.url).href;

async function example(): Promise<Contract> {
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1]?.replace("'meterbridge'", JSON.stringify(builder));
  assert.ok(code);
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-docs-'));
  try {
    const path = join(folder, 'mailer.ts');
    writeFileSync(path, code);
    return ((await import(pathToFileURL(path).href)) as { default: Contract }).default;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the page's example brings out the names of its table, without findings", async () => {
  const made = await example();
  const table = [...page.matchAll(/^\| `(\w+)` \| `([a-z.]+)` \| `(\w+)` \|$/gm)].map(([, ...cells]) => cells);
  const names = Object.entries(made.metrics).map(([key, metric]) => [key, metric.instrument, metric.series]);
  assert.deepEqual(table, names);
  assert.deepEqual(lint(made), []);
});

for (const id of lintIds) {
  test(`the page tells of ${id}`, () => assert.ok(page.includes(`\`${id}\``)));
}
