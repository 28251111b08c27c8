/** The service as a process: its lines, signals and exit codes. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import test, { type TestContext } from 'node:test';
import { command, runCommand } from './run-command.ts';

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = runCommand(args);
  return { status, stdout, stderr };
}

const config = `yaml:{receivers: {otlp: {protocols: {http: {endpoint: "localhost:0"}}}}, exporters: {nop: }, extensions: {health_check: {endpoint: "localhost:0"}},
  service: {extensions: [health_check], telemetry: {metrics: {level: none}}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}}`;

interface Running {
  readonly process: ChildProcess;
  readonly log: () => string;
  readonly urls: readonly string[];
}

async function serve(t: TestContext, ...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [...command, 'serve', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  await new Promise<void>((ready, failed) => {
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('Everything is ready')) ready();
    });
    child.once('exit', (code) => failed(new Error(`exit ${code}: ${text}`)));
  });
  return { process: child, log: () => text, urls: /Listening: (.*)/.exec(text)?.[1]?.split(', ') ?? [] };
}

test('serve names its listeners, answers health, and ends with 0 at SIGTERM', { timeout: 60_000 }, async (t) => {
  const running = await serve(t, '--config', config);
  const [health = ''] = running.urls;
  assert.equal(running.urls.length, 2);
  assert.deepEqual(run('health', health), { status: 0, stdout: '', stderr: '' });
  running.process.kill('SIGTERM');
  const [code] = await once(running.process, 'exit');
  assert.equal(code, 0);
  assert.match(running.log(), /Shutdown complete\./);
  const after = run('health', health);
  assert.deepEqual([after.status, after.stdout], [1, '']);
  assert.match(after.stderr, /does not answer/);
});

test('a port in use names the component and the address, and ends with 1', { timeout: 60_000 }, async (t) => {
  const running = await serve(t, '--config', config);
  const port = new URL(running.urls[0] ?? '').port;
  const second = run('serve', '--config', config, '--set', `extensions.health_check.endpoint=localhost:${port}`);
  assert.equal(second.status, 1);
  assert.match(second.stderr, new RegExp(`extensions\\.health_check\\.endpoint: got "localhost:${port}"; the port must be free`));
});

test('limits are whole numbers', async () => {
  const refused = run('serve', '--config', config, '--max-series', '1e6');
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--max-series: got "1e6"; it is a whole number from 1 to 2147483647/);
});

test('a wrong configuration opens nothing and ends with 1', async () => {
  const refused = run('serve', '--config', config.replace('endpoint', 'endpont'));
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /endpont.*Fix: write endpoint/);
});
