/** `transport: unix`: both answer the same, and leave the same files, but for the sockets of a program that was killed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:http2';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { begin, frame } from '../../service/receivers/otlp/grpc-client.ts';
import { command } from '../../tools/cli/run-command.ts';
import { until } from '../../until.ts';
import { type Child, startChild } from '../child.ts';
import { requirePeer } from '../peers.ts';
import { pathOf, type SocketName, sockets, socketYaml } from './sockets.ts';

const waitMs = 20_000;
const gauge = JSON.stringify({
  resourceMetrics: [
    { scopeMetrics: [{ metrics: [{ name: 'jobs', gauge: { dataPoints: [{ asInt: '7', timeUnixNano: '1' }] } }] }] },
  ],
});

interface Program {
  readonly folder: string;
  start(t: TestContext): Promise<Child>;
  /** What it says where it does not start. */
  refusal(): string;
}

function programOf(t: TestContext, file: string, before: readonly string[]): Program {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-twin-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const args = [...before, '--config', socketYaml(folder)];
  return {
    folder,
    async start(inner) {
      const child = startChild(inner, file, args);
      await child.until('ready', () => child.stderr().includes('Everything is ready.'));
      return child;
    },
    refusal() {
      const { status, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: waitMs });
      assert.equal(status, 1, stderr);
      return stderr;
    },
  };
}

async function ask(socketPath: string, method: string, path: string, body = ''): Promise<[number | undefined, string]> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { 'content-type': 'application/json' };
  request({ socketPath, method, path, agent: false, headers }, resolve).on('error', reject).end(body);
  const response = await promise;
  return [response.statusCode, await text(response)];
}

async function answersOf({ folder }: Program) {
  const at = (name: SocketName) => pathOf(folder, name);
  const [sent] = await ask(at('http'), 'POST', '/v1/metrics', gauge);
  const session = connect('http://localhost', { createConnection: () => createConnection(at('grpc')) });
  const { stream, answer } = begin(session);
  stream.end(frame(new Uint8Array(0)));
  const { grpcStatus } = await answer;
  session.destroy();
  const [scraped, page] = await ask(at('prometheus'), 'GET', '/metrics');
  const [health, body] = await ask(at('health'), 'GET', '/');
  return {
    sent,
    grpcStatus,
    scraped,
    jobs: page.split('\n').filter((line) => line.startsWith('jobs')),
    health,
    words: /Server available/.test(body),
    modes: sockets.map((name) => lstatSync(at(name)).mode),
  };
}

const left = ({ folder }: Program) => sockets.filter((name) => existsSync(pathOf(folder, name)));

test('both at Unix sockets', async (t) => {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return;
  const collector = programOf(t, binary, []);
  const service = programOf(t, process.execPath, [...command, 'serve']);
  const running = await Promise.all([collector.start(t), service.start(t)]);

  await t.test('answer the same, and their files have the same mode', async () => {
    const [expected, got] = [await answersOf(collector), await answersOf(service)];
    assert.deepEqual(got, expected);
    assert.equal(got.jobs.length, 1);
  });

  await t.test('a second program at the same paths does not start, and takes nothing away', async () => {
    assert.match(collector.refusal(), /address already in use/);
    assert.match(service.refusal(), /another server listens there/);
    assert.deepEqual([left(collector), left(service)], [sockets, sockets]);
    assert.deepEqual(await answersOf(service), await answersOf(collector));
  });

  await t.test('killed, both leave their files; only the service starts again', async (inner) => {
    await Promise.all(running.map((child) => child.kill()));
    assert.deepEqual([left(collector), left(service)], [sockets, sockets]);
    assert.match(collector.refusal(), /address already in use/);
    const again = await service.start(inner);
    assert.equal((await answersOf(service)).jobs.length, 1);
    await again.stop();
  });

  await t.test('ended, both take their files away', async (inner) => {
    assert.deepEqual(left(service), []);
    // The Collector says that it is ready before it handles signals: one that comes in between kills it, and then it is started
    // again.
    await until('the Collector takes its files away', async () => {
      for (const name of sockets) rmSync(pathOf(collector.folder, name), { force: true });
      await (await collector.start(inner)).stop();
      return left(collector).length === 0;
    });
  });
});
