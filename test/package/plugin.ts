/** The tutorial of docs/plugins.md, as a user follows it: the installed package, its files and its command. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blocks, pageText } from '../readme/pages.ts';
import { until } from '../until.ts';
import { packed } from './packed.ts';

const page = pageText('docs/plugins.md');
const [plugin = '', , kit = ''] = blocks(page, 'ts');
const [yaml = ''] = blocks(page, 'yaml');
// Any free port, and no listener for the service's own metrics, instead of those that a reader may have in use.
const quiet = ['--set', 'exporters.prometheus.endpoint=localhost:0', '--set', 'service.telemetry.metrics.level=none'];

const it = await packed();
const main = join(it.project, 'node_modules/meterbridge/dist/src/cli/main.js');
mkdirSync(join(it.project, 'values'), { recursive: true });
writeFileSync(join(it.project, 'values', 'backup.txt'), 'backup.duration 12.5\n');
writeFileSync(join(it.project, 'name-values.ts'), plugin);
writeFileSync(join(it.project, 'collector.yaml'), yaml);

test('the receiver has 40 lines', () => assert.ok(plugin.trim().split('\n').length <= 40));

test('the receiver’s series is what the page shows', { timeout: 300_000 }, async (t) => {
  const args = ['serve', '--plugin', './name-values.ts', '--config', 'collector.yaml', ...quiet];
  const service = spawn(process.execPath, [main, ...args], { cwd: it.project, env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => service.kill('SIGKILL'));
  let log = '';
  service.stderr.setEncoding('utf8').on('data', (part: string) => {
    log += part;
  });
  service.once('exit', (code) => {
    log += `exit ${code}`;
  });
  await until('it is ready', () => /Everything is ready|exit/.test(log));
  const url = /Listening: (\S+)/.exec(log)?.[1] ?? assert.fail(log);
  const shown = /shows `(backup_duration\{.*\} 12\.5)`/.exec(page)?.[1] ?? assert.fail('the page shows no series');
  assert.ok((await (await fetch(url)).text()).includes(`${shown}\n`));
  service.kill('SIGTERM');
  assert.deepEqual(await once(service, 'close'), [0, null]);
});

test('its keys are listed with the others', async () => {
  assert.match(await it.run(main, 'components', '--plugin', './name-values.ts'), /receiver +name_values +interval +duration +15s/);
});

test('the test of a component passes', async () => {
  writeFileSync(join(it.project, 'kit.ts'), kit);
  await it.run('node', 'kit.ts');
});
