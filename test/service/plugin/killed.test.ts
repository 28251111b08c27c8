/**
 * The exporter with a sending queue of docs/plugins.md, as a process that is killed: all that senders were told is safe arrives
 * after the next start.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { startChild } from '../../conformance/child.ts';
import { folderFor } from '../../folder-for.ts';
import { pageText } from '../../readme/pages.ts';
import { command } from '../../tools/cli/run-command.ts';
import { until } from '../../until.ts';
import { batch, metric } from '../exporters/otlp-http/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';

const source = new URL('../../../src/collector.ts', import.meta.url).href;
const page = pageText('docs/plugins.md');

/** A file that the page has the reader save. */
function saved(name: string): string {
  const [, behind = assert.fail(name)] = page.split(`<!-- ${name} -->`);
  return (/^```\w+\n([\s\S]*?)^```$/m.exec(behind)?.[1] ?? assert.fail(name)).replace(
    "'meterbridge/collector'",
    JSON.stringify(source),
  );
}

/** What the page's exporter posts to: down until it is told otherwise. */
async function startLines(t: TestContext) {
  const state = { status: 503, refused: 0, lines: [] as string[] };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (state.status === 200) state.lines.push(...body.trim().split('\n'));
    else state.refused++;
    response.writeHead(state.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  return Object.assign(state, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

test('nothing that was acknowledged is lost with the process', async (t) => {
  const lines = await startLines(t);
  const file = folderFor(t);
  for (const name of ['post-lines.ts', 'keep-lines.ts']) writeFileSync(file(name), saved(name));
  const config = file(
    'kept.yaml',
    JSON.stringify({
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      exporters: {
        keep_lines: {
          endpoint: lines.origin,
          sending_queue: { storage: 'file_storage', num_consumers: 1 },
          retry_on_failure: { initial_interval: '1ms', max_interval: '1ms' },
        },
      },
      extensions: { file_storage: { directory: file('queue'), create_directory: true } },
      service: {
        extensions: ['file_storage'],
        pipelines: { metrics: { receivers: ['otlp'], exporters: ['keep_lines'] } },
        telemetry: { metrics: { level: 'none' } },
      },
    }),
  );
  const start = async () => {
    const child = startChild(t, process.execPath, [...command, 'serve', '--plugin', file('keep-lines.ts'), '--config', config]);
    await child.until('it is ready', () => child.stderr().includes('Everything is ready'));
    const host = new URL(/Listening: (\S+)/.exec(child.stderr())?.[1] ?? '').host;
    return { child, take: (name: string) => take(host, name) };
  };
  const take = async (host: string, name: string) => {
    const { bytes: body } = batch(metric(name, 2, 7, { temporality: 1 }));
    const { status } = await send(host, { headers: { 'content-type': 'application/x-protobuf' }, body });
    assert.equal(status, 200, name);
  };
  const first = await start();
  for (const name of ['a', 'b', 'c']) await first.take(name);
  await until('it has tried', () => lines.refused > 0);
  await first.child.kill();
  const second = await start();
  await second.take('d');
  await second.child.stop();
  assert.match(second.child.stderr(), /3 points wait on disk since the last run[\s\S]*4 points stay on disk/);
  lines.status = 200;
  const third = await start();
  await third.take('e');
  await until('all', () => lines.lines.length === 5);
  assert.deepEqual(lines.lines, ['a 7', 'b 7', 'c 7', 'd 7', 'e 7']);
});
