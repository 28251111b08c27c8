/**
 * Each configuration on the service's pages is one for two programs: a real Collector and the service find nothing wrong with it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { blocks, pageText, root } from '../readme/pages.ts';
import { command } from '../tools/cli/run-command.ts';
import { requirePeer } from './peers.ts';
import { promtoolSays } from './promtool.ts';

for (const page of ['docs/serve.md', 'docs/serve-components.md', 'docs/serve-security.md']) {
  const shown = blocks(pageText(page), 'yaml').filter((yaml) => !yaml.startsWith('scrape_configs:'));
  for (const [index, yaml] of shown.entries()) {
    test(`${page}, configuration ${index + 1}`, (t) => {
      const collector = requirePeer(t, 'collector');
      if (collector === undefined) return;
      const folder = mkdtempSync(join(tmpdir(), 'pages-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const file = join(folder, 'shown.yaml');
      writeFileSync(file, yaml);
      const args = ['validate', '--config', join(root, 'otel-collector.yaml'), '--config', file];
      for (const [program, ...first] of [[collector], [process.execPath, ...command]] as const) {
        const { status, stderr } = spawnSync(program, [...first, ...args], { encoding: 'utf8' });
        assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      }
    });
  }
}

test('docs/serve.md: Prometheus finds nothing wrong with the scrape configuration', (t) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'pages-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'prometheus.yml');
  const yaml = blocks(pageText('docs/serve.md'), 'yaml').find((block) => block.startsWith('scrape_configs:'));
  writeFileSync(file, yaml ?? assert.fail('no scrape configuration'));
  promtoolSays(promtool, 'check', 'config', file);
});
