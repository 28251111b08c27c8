/**
 * README's promises, kept: its embedding example runs as it stands with the packed package, and its commands are those that CI
 * runs.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { blocks, pages, pageText } from '../readme/pages.ts';
import { besideFastify, manifest, packed, root } from './packed.ts';

const readme = pageText('README.md');
const program = 'readme.ts';
// The one change: any free port instead of the one that a reader may have in use.
const example = blocks(readme, 'ts')[0]?.replace('127.0.0.1:9464', '127.0.0.1:0');

const it = await packed();
writeFileSync(join(it.project, program), example ?? '');

test('there is one embedding example, and it listens where the text says', () => {
  assert.equal(blocks(readme, 'ts').length, 1);
  assert.match(blocks(readme, 'ts')[0] ?? '', /listen\('127\.0\.0\.1:9464'\)/);
  assert.match(readme, /`curl http:\/\/127\.0\.0\.1:9464\/metrics`/);
});

test('the example type-checks', () => it.typeCheck(program));

/** What the text around a page's blocks takes for granted. Other blocks stand by themselves. */
const given: Readonly<Record<string, string>> = {
  'docs/errors.md 1': `import type { Bridge } from 'meterbridge'; declare const bridge: Bridge; declare const address: string;`,
};

test('every block of TypeScript in docs/ and examples/ type-checks', async () => {
  const host = await besideFastify();
  const files: string[] = [];
  // Recipes need frameworks and clients, and are compiled where they are: in examples/recipes/. The host is by host.ts.
  const checked = pages.filter(
    (path) => /^(docs|examples)\//.test(path) && !['docs/host.md', 'docs/recipes.md', 'docs/prom-client.md'].includes(path),
  );
  for (const page of checked) {
    // What the page has its readers save, for blocks that import it.
    for (const [, name = '', block = ''] of pageText(page).matchAll(/^<!-- ([\w-]+\.ts) -->\n```ts\n([\s\S]*?)^```$/gm))
      writeFileSync(join(host.project, name), block);
    for (const [at, block] of blocks(pageText(page), 'ts').entries()) {
      const file = `${page.replaceAll(/[/.]/g, '-')}-${at + 1}.ts`;
      writeFileSync(join(host.project, file), `${given[`${page} ${at + 1}`] ?? ''}\n${block}`);
      files.push(file);
    }
  }
  await host.typeCheck(...files);
});

test('the example shows the series that README shows, and SIGTERM ends it cleanly', async () => {
  // Without the environment of the tests: an OTEL_* variable would turn push on.
  const daemon = spawn(process.execPath, [program], { cwd: it.project, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(daemon, 'exit');
  let errors = '';
  daemon.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  try {
    const lines = createInterface({ input: daemon.stdout });
    const [url] = (await Promise.race([once(lines, 'line'), exited.then(() => assert.fail(errors))])) as [string];
    const exposition = await (await fetch(url)).text();
    const [expected = ''] = blocks(readme, 'text').filter((text) => text.startsWith('# HELP'));
    assert.ok(expected.includes('shop_orders_total{'));
    assert.ok(exposition.includes(expected), `README shows\n${expected}\nbut the example gives\n${exposition}`);
    assert.match(exposition, /^shop_checkout_duration_seconds_count 1$/m);
  } finally {
    daemon.kill('SIGTERM');
  }
  assert.deepEqual(await exited, [0, null], errors);
});

test('the tests that docs/testing.md shows pass', async () => {
  const [tests = ''] = blocks(pageText('docs/testing.md'), 'ts');
  writeFileSync(join(it.project, 'docs.test.ts'), tests);
  const report = await it.run('node', '--test', '--test-reporter', 'tap', 'docs.test.ts');
  assert.match(report, /^# pass [1-9]/m);
});

test('setting up takes two commands', () => {
  assert.deepEqual(blocks(readme, 'sh'), ['npm ci && npm run demo\n', 'npm ci && npm test\n']);
  for (const script of ['demo', 'test']) assert.ok(script in manifest.scripts, script);
});

test("continuous integration runs README's test command, and all other tests", () => {
  const lines = readFileSync(join(root, '.ci/run'), 'utf8')
    .replaceAll(/ --no-(audit|fund)\b/g, '')
    .split('\n');
  for (const command of ['npm ci && npm test', 'npm run test:peers', 'npm run test:packages', 'npm run test:long -- --ci'])
    assert.ok(lines.includes(command), command);
});

test('every npm script and every part of the package that README names exists', () => {
  for (const [, script = ''] of readme.matchAll(/npm run (?:--silent )?([a-z:-]+)/g))
    assert.ok(script in manifest.scripts, script);
  for (const [, path = ''] of readme.matchAll(/`meterbridge\/([a-z./-]+)`/g)) assert.ok(`./${path}` in manifest.exports, path);
});
