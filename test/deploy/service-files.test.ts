/** The files for `meterbridge serve`: what the machine's own tools say of them, and what the image must not have. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');
const unit = join(deploy, 'meterbridge.service');

/** Undefined, and said aloud, where the tool is not here. */
function analyze(t: TestContext, ...args: readonly string[]) {
  const run = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  if (run.error === undefined) return run;
  t.skip('systemd-analyze is not on this machine');
  return undefined;
}

test('systemd-analyze verify finds nothing in the unit', (t: TestContext) => {
  const run = analyze(t, 'verify', unit);
  if (run !== undefined) assert.deepEqual([run.status, run.stdout, run.stderr], [0, '', '']);
});

test('systemd-analyze security: exposure of at most 2.0', (t: TestContext) => {
  const run = analyze(t, 'security', '--offline=true', '--threshold=20', '--no-pager', unit);
  if (run !== undefined) assert.equal(run.status, 0, run.stdout.split('\n').slice(-3).join('\n'));
});

test('the unit reloads by the signal, and takes notifications of children', () => {
  const lines = read('meterbridge.service').split('\n');
  for (const line of ['Type=notify', 'NotifyAccess=all', 'ExecReload=/bin/kill -HUP $MAINPID']) assert.ok(lines.includes(line), line);
});

test('the image has no shell and no root: it begins from nothing, its commands are lists, its user is a number', () => {
  const final =
    read('Containerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  assert.match(final, /^scratch\n/);
  assert.doesNotMatch(final, /^RUN/m);
  assert.match(final, /^USER [1-9]\d*:[1-9]\d*$/m);
  const commands = [...final.matchAll(/^(?:HEALTHCHECK .*CMD|ENTRYPOINT|CMD) (.*)$/gm)].map(([, list = '']) => JSON.parse(list));
  assert.deepEqual(
    commands.map((list: readonly string[]) => list.find((word) => ['health', 'serve'].includes(word))),
    ['health', undefined, 'serve'],
  );
});

test('Prometheus keeps the labels job and instance of the daemons, and has its own for the service', () => {
  const { scrape_configs: jobs } = parse(read('prometheus/serve.yml'));
  assert.deepEqual(
    jobs.map(({ job_name, honor_labels = false }: Record<string, unknown>) => [job_name, honor_labels]),
    [
      ['daemons', true],
      ['meterbridge', false],
    ],
  );
});
