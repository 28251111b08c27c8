/**
 * `meterbridge/register` on each supported Node.js, and beside OpenTelemetry's automatic instrumentation, whichever is loaded
 * first.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { installNodes } from './nodes.ts';
import { packed } from './packed.ts';

const it = await packed();
const nodes = await installNodes();
const { project, run } = await it.beside({ '@opentelemetry/auto-instrumentations-node': '0.81.2', express: '5.3.0' });

const connect = (port: number) =>
  `require('net').connect(${port}, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;

for (const { version, path } of nodes.supported) {
  test(`Node.js ${version}: the listener is open before the first line of a CommonJS program`, async () => {
    const port = await freePort();
    const program = `
      const { status } = require('node:child_process').spawnSync(process.execPath, ['--eval', ${JSON.stringify(connect(port))}], { env: {} });
      process.stdout.write('connected ' + status);`;
    const env = [`METERBRIDGE_LISTEN=127.0.0.1:${port}`, 'NODE_OPTIONS='];
    assert.equal(
      await run('env', ...env, path, '--import', 'meterbridge/register', '--input-type=commonjs', '--eval', program),
      'connected 0',
    );
  });
}

/** A server that answers one request to itself, and prints what is scraped of it. */
const shop = (port: number) => `
const express = require('express');
const app = express().get('/orders/:id', (request, response) => response.sendStatus(418));
const server = app.listen(0, '127.0.0.1', async () => {
  await (await fetch('http://127.0.0.1:' + server.address().port + '/orders/1')).text();
  let text = '';
  // An answer counts once it has left.
  while (!text.includes('http_server_request_duration_seconds_count{')) text = await (await fetch('http://127.0.0.1:${port}/metrics')).text();
  console.log(JSON.stringify(text.split('\\n').filter((line) => /^(http_server_request_duration_seconds_count|v8js_memory_heap_used_bytes)/.test(line))));
  server.closeAllConnections();
  server.close();
});`;
const [ours, theirs] = ['meterbridge/register', '@opentelemetry/auto-instrumentations-node/register'];

describe('beside @opentelemetry/auto-instrumentations-node, each request counts once', () => {
  for (const option of ['--require', '--import']) {
    for (const order of [
      [ours, theirs],
      [theirs, ours],
    ]) {
      test(`${option}, ${order[0]} first`, async () => {
        const port = await freePort();
        writeFileSync(join(project, 'shop.cjs'), shop(port));
        const quiet = [
          'OTEL_TRACES_EXPORTER=none',
          'OTEL_LOGS_EXPORTER=none',
          'OTEL_METRICS_EXPORTER=none',
          'OTEL_NODE_RESOURCE_DETECTORS=none',
        ];
        const flags = order.flatMap((name) => [option, name]);
        const lines: string[] = JSON.parse(
          await run('env', ...quiet, `METERBRIDGE_LISTEN=127.0.0.1:${port}`, 'node', ...flags, 'shop.cjs'),
        );
        const count = lines.filter((line) => line.startsWith('http_server_request_duration_seconds_count'));
        assert.equal(count.length, 1, lines.join('\n'));
        assert.match(count[0] ?? '', /http_response_status_code="418".*\} 1$/);
        assert.ok(lines.every((line) => !line.includes('otel_scope_name')));
      });
    }
  }
});
