/** The tutorial of docs/plugins.md, as a user follows it: the installed package, its files and its command. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { blocks, pageText } from '../readme/pages.ts';
import { until } from '../until.ts';
import { packed } from './packed.ts';

const page = pageText('docs/plugins.md');
const [kit = ''] = blocks(page, 'ts').slice(-1);

/** A file that the page has the reader save. */
function saved(name: string): string {
  const [, behind = assert.fail(name)] = page.split(`<!-- ${name} -->`);
  return /^```\w+\n([\s\S]*?)^```$/m.exec(behind)?.[1] ?? assert.fail(name);
}

const plugin = saved('name-values.ts');
// Any free port, and no listener for the service's own metrics, instead of those that a reader may have in use.
const quiet = ['--set', 'exporters.prometheus.endpoint=localhost:0', '--set', 'service.telemetry.metrics.level=none'];

const it = await packed();
const main = join(it.project, 'node_modules/meterbridge/dist/src/tools/cli/main.js');
mkdirSync(join(it.project, 'values'), { recursive: true });
writeFileSync(join(it.project, 'values', 'backup.txt'), 'backup.duration 12.5\n');
const files = ['name-values.ts', 'collector.yaml', 'rename.ts', 'post-lines.ts', 'lines.yaml', 'keep-lines.ts', 'kept.yaml'];
for (const name of files) writeFileSync(join(it.project, name), saved(name));

test('the receiver has 40 lines', () => assert.ok(plugin.trim().split('\n').length <= 40));

/** The page's command, until it is ready; answers with its log so far. */
async function serving(t: TestContext, plugins: readonly string[], config: string, more: readonly string[]) {
  const args = ['serve', ...plugins.flatMap((name) => ['--plugin', `./${name}`]), '--config', config, ...more];
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
  return { service, log: () => log };
}

test('the receiver’s series is what the page shows', { timeout: 300_000 }, async (t) => {
  const { service, log } = await serving(t, ['name-values.ts'], 'collector.yaml', quiet);
  const url = /Listening: (\S+)/.exec(log())?.[1] ?? assert.fail(log());
  const shown = /shows `(backup_duration\{.*\} 12\.5)`/.exec(page)?.[1] ?? assert.fail('the page shows no series');
  assert.ok((await (await fetch(url)).text()).includes(`${shown}\n`));
  service.kill('SIGTERM');
  assert.deepEqual(await once(service, 'close'), [0, null]);
});

test('a processor renames, an exporter posts lines, and the sender learns what became of them', {
  timeout: 300_000,
}, async (t) => {
  const shown = /port 9000 gets `([^`]+)`/.exec(page)?.[1] ?? assert.fail('the page shows no line');
  const bodies: string[] = [];
  let status = 200;
  const lines = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => lines.listen(0, '127.0.0.1', resolve));
  t.after(() => lines.close().closeAllConnections());
  const { port } = lines.address() as AddressInfo;
  // Beside the page's receiver, one that a sender reaches.
  const more = [
    `exporters.post_lines.endpoint=http://127.0.0.1:${port}`,
    'service.telemetry.metrics.level=none',
    'receivers.otlp.protocols.http.endpoint=127.0.0.1:0',
    'service.pipelines.metrics.receivers=[name_values, otlp]',
  ];
  const { service, log } = await serving(
    t,
    ['name-values.ts', 'rename.ts', 'post-lines.ts'],
    'lines.yaml',
    more.flatMap((one) => ['--set', one]),
  );
  await until('the line', () => bodies.join('').includes(`${shown}\n`));
  const url = /Listening: (\S+)/.exec(log())?.[1] ?? assert.fail(log());
  const attributes = [{ key: 'host', value: { stringValue: 'a' } }];
  const metrics = [
    { name: 'backup.duration', sum: { aggregationTemporality: 1, dataPoints: [{ asInt: '9007199254740993', attributes }] } },
  ];
  const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
  const send = () => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  assert.equal((await send()).status, 200);
  assert.equal(bodies.at(-1), 'backup.seconds host=a 9007199254740993\n');
  status = 503;
  assert.equal((await send()).status, 503, 'the sender keeps it');
  status = 400;
  assert.match(await (await send()).text(), /the receiver of lines answers 400/);
  lines.close().closeAllConnections();
  assert.equal((await send()).status, 503, 'it cannot be reached');
  service.kill('SIGTERM');
  assert.deepEqual(await once(service, 'close'), [0, null]);
});

test('the components on the page are well typed', () =>
  it.typeCheck('name-values.ts', 'rename.ts', 'post-lines.ts', 'keep-lines.ts'));

test('the configuration with a sending queue on disk is valid', async () => {
  await it.run(main, 'validate', '--plugin', './name-values.ts', '--plugin', './keep-lines.ts', '--config', 'kept.yaml');
});

test('its keys are listed with the others', async () => {
  assert.match(
    await it.run(main, 'components', '--plugin', './name-values.ts'),
    /receiver +name_values +interval +duration +15s/,
  );
});

test('the test of a component passes', async () => {
  writeFileSync(join(it.project, 'kit.ts'), kit);
  await it.run('node', 'kit.ts');
});
