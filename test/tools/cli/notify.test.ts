/** What systemd hears of the service, through the real systemd-notify. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { createNotify } from '../../../src/tools/cli/notify.ts';
import { until } from '../../until.ts';
import { command } from './run-command.ts';

/** In systemd's place: a datagram socket, which Node.js does not have. Prints what comes, but for barriers. */
const listener = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    message = s.recv(4096).decode()
    if message != 'BARRIER=1': print(message.strip(), flush=True)
`;

function gathering(t: TestContext, program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): () => string {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  pids.set(t, child.pid ?? 0);
  // Whole lines: the end of one may come later than its beginning.
  return () => text.slice(0, text.lastIndexOf('\n') + 1);
}

const pids = new WeakMap<TestContext, number>();
const config =
  'yaml:{receivers: {otlp: {protocols: {http: {endpoint: "localhost:0"}}}}, exporters: {nop: }, service: {telemetry: {metrics: {level: none}}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}}';

/** In systemd's place; undefined where a tool is missing. */
async function listening(t: TestContext) {
  for (const tool of ['systemd-notify', 'python3'])
    if (spawnSync(tool, ['--version']).error !== undefined) return void t.skip(`${tool} is not on this machine`);
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'notify');
  const heard = gathering(t, 'python3', ['-c', listener, path]);
  await until('bound', () => heard().includes('bound'));
  return {
    heard,
    serve: (env = {}) =>
      gathering(t, process.execPath, [...command, 'serve', '--config', config], { ...process.env, NOTIFY_SOCKET: path, ...env }),
  };
}

test('systemd is told of the start, of a reload, and of the end', { timeout: 120_000 }, async (t) => {
  const systemd = await listening(t);
  if (systemd === undefined) return;
  const { heard, serve } = systemd;
  const log = serve();
  await until('ready', () => heard().includes('READY=1'));
  assert.match(log(), /Everything is ready/);
  const pid = pids.get(t) ?? 0;
  process.kill(pid, 'SIGHUP');
  await until('ready again', () => heard().split('READY=1').length === 3);
  process.kill(pid, 'SIGTERM');
  await until('stopping', () => heard().includes('STOPPING=1'));
  assert.equal(heard(), 'bound\nREADY=1\nRELOADING=1\nREADY=1\nSTOPPING=1\n');
});

test('systemd hears that the loop turns, where it asks for that and means this process', { timeout: 120_000 }, async (t) => {
  const systemd = await listening(t);
  if (systemd === undefined) return;
  const { heard, serve } = systemd;
  // In microseconds.
  serve({ WATCHDOG_USEC: '300000' });
  await until('alive, again and again', () => heard().split('WATCHDOG=1').length > 3);
  assert.match(heard(), /^bound\nREADY=1\n(?:WATCHDOG=1\n)+$/);
  const pid = pids.get(t) ?? 0;
  process.kill(pid, 'SIGTERM');
  await until('stopping', () => heard().includes('STOPPING=1'));
  assert.match(heard(), /STOPPING=1\n$/);
});

test('without systemd nothing runs; where systemd-notify fails, one line says so', async () => {
  const out = new PassThrough({ encoding: 'utf8' });
  await createNotify(out, { PATH: '' })('READY=1');
  const notify = createNotify(out, { NOTIFY_SOCKET: '/nowhere/notify', PATH: '' });
  void notify('READY=1');
  void notify('STOPPING=1');
  const [line] = await out.take(1).toArray();
  assert.match(String(line), /^systemd is not notified of \/nowhere\/notify: .*systemd-notify.*\n$/);
});
