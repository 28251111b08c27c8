/** Programs on the pages are those that run: see test/examples/recipes.test.ts. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blocks, pageText, root } from './pages.ts';

const folder = join(root, 'examples/recipes');

/** As a page shows it: without the comment at its head, and with the ports that a test replaces. */
function shown(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
    .replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
    .replaceAll(/process\.env\.METRICS_ADDRESS \?\? ('[^']+')/g, '$1')
    .replaceAll(/Number\(process\.env\.PORT \?\? (\d+)\)/g, '$1');
}

test('the quick start is the recipe of that name', () => {
  assert.deepEqual(blocks(pageText('docs/quick-start.md'), 'ts'), [shown('quick-start.ts')]);
});

test('docs/prom-client.md begins with the recipe of a Fastify app that keeps its port', () => {
  assert.equal(blocks(pageText('docs/prom-client.md'), 'ts')[0], shown('from-prom-client-fastify.ts'));
});

const elsewhere = ['quick-start.ts', 'from-prom-client-fastify.ts'];
test('docs/recipes.md has every other recipe, as it runs', () => {
  const page = pageText('docs/recipes.md');
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.ts') && !elsewhere.includes(name))) {
    assert.ok(
      blocks(page, 'ts').includes(shown(name)),
      `docs/recipes.md has no block that is examples/recipes/${name}:\n${shown(name)}`,
    );
  }
  for (const name of ['node/shop.test.js', 'vitest/shop.test.js', 'jest/shop.js', 'jest/shop.test.js']) {
    assert.ok(
      blocks(page, 'js').includes(shown(`tests/${name}`)),
      `docs/recipes.md has no block that is examples/recipes/tests/${name}`,
    );
  }
  for (const [name, language] of [
    ['ecosystem.config.cjs', 'js'],
    ['Dockerfile', 'dockerfile'],
    ['kubernetes.yaml', 'yaml'],
  ] as const) {
    assert.ok(blocks(page, language).includes(readFileSync(join(folder, name), 'utf8')), name);
  }
});
