/** The pages' line for SIGTERM ends a program, once its last push has arrived; one with a server of its own closes that, too. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pageText } from '../../readme/pages.ts';
import { until } from '../../until.ts';

/** Within the grace of Kubernetes (30 s) and Docker (10 s). */
const endsWithinMs = 10_000;
const program = join(import.meta.dirname, 'sigterm-program.ts');

async function started(t: TestContext, kind: string) {
  const pushed: number[] = [];
  const receiver = createServer(async (request, response) => {
    const body = JSON.parse((await request.setEncoding('utf8').toArray()).join(''));
    const [{ sum }] = body.resourceMetrics[0].scopeMetrics[0].metrics;
    pushed.push(Number(sum.dataPoints[0].asDouble ?? sum.dataPoints[0].asInt));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  t.after(() => receiver.close());
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
  const child = fork(program, [kind], { execArgv: ['--conditions=meterbridge-source'], env });
  t.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(endsWithinMs + 20_000) });
  const [port] = (await once(child, 'message')) as [number];
  return { child, exited, pushed, port };
}

/** A client whose connection stays open, as a browser's does. */
async function connect(t: TestContext, port: number) {
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const [response] = await once(get({ port, host: '127.0.0.1', agent }), 'response');
  await once(response.resume(), 'end');
}

for (const kind of ['alone', 'server']) {
  test(`${kind}: SIGTERM ends it, and the last push has arrived`, { skip: process.platform === 'win32' }, async (t) => {
    const { child, exited, pushed, port } = await started(t, kind);
    if (port !== 0) await connect(t, port);
    const asked = performance.now();
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
    assert.ok(performance.now() - asked < endsWithinMs);
    assert.deepEqual(pushed, [3]);
  });
}

test('a server that the handler forgets keeps the program running', { skip: process.platform === 'win32' }, async (t) => {
  const { child, exited, pushed } = await started(t, 'forgotten');
  child.kill('SIGTERM');
  await until('pushed', () => pushed.length > 0);
  await Promise.race([exited, sleep(1_500)]);
  assert.equal(child.exitCode, null);
  child.kill('SIGKILL');
  await exited;
});

test('both handlers are those of the page on pushing', () => {
  const code = readFileSync(program, 'utf8');
  const page = pageText('docs/pushing.md');
  for (const handler of [
    "process.once('SIGTERM', () => bridge.close());",
    "process.once('SIGTERM', () => {\n  server.close();\n  void bridge.close();\n});",
  ]) {
    assert.ok(page.includes(handler), handler);
    assert.ok(code.replaceAll(/^ {2}/gm, '').includes(handler), handler);
  }
});
