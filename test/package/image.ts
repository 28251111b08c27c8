/**
 * What the image installs, by its own command, is enough for each configuration that the documentation shows. There is no npm in
 * it to bring the rest.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blocks, pageText } from '../readme/pages.ts';
import { packed, root } from './packed.ts';

const it = await packed();
const app = join(it.project, '../image/app');
mkdirSync(app, { recursive: true });

const [install = ''] = pageText('deploy/Containerfile').match(/npm install .*$/m) ?? [];
await it.run('env', `METERBRIDGE=${it.tarball}`, 'sh', '-c', install.replace('/image/app', app));
const installed = join(app, 'node_modules/meterbridge');
const main = join(installed, 'dist/src/tools/cli/main.js');

const shown = ['docs/serve-components.md', 'docs/serve-security.md', 'docs/operating.md'].flatMap((page) =>
  blocks(pageText(page), 'yaml').map((yaml, index) => [`${page}, ${index + 1}`, yaml] as const),
);

test('the image’s own configuration is the one of deploy/', async () => {
  assert.equal(
    readFileSync(join(installed, 'deploy/collector.yaml'), 'utf8'),
    readFileSync(join(root, 'deploy/collector.yaml'), 'utf8'),
  );
  await it.run('node', main, 'validate', '--config', join(installed, 'deploy/collector.yaml'));
});

test('the pages show configurations with regular expressions', () =>
  assert.ok(shown.some(([, yaml]) => yaml.includes('match_type: regexp'))));

for (const [name, yaml] of shown) {
  test(`the image takes the configuration of ${name}`, async () => {
    const file = join(app, 'shown.yaml');
    writeFileSync(file, yaml);
    await it.run('node', main, 'validate', '--config', join(installed, 'otel-collector.yaml'), '--config', file);
  });
}
