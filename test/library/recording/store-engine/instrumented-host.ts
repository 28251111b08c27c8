/**
 * A program of its own, because the instrumentation patches `node:http` for the whole process: serves three requests under
 * `@opentelemetry/instrumentation-http`, registered globally, and prints the series that came of it. `sdk` as argument: on the
 * SDK engine.
 */
import type * as Http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { metrics } from '@opentelemetry/api';
import type { HttpInstrumentation as HttpInstrumentationOf } from '@opentelemetry/instrumentation-http';
import { contract, counter } from '../../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { until } from '../../../until.ts';

const require = createRequire(import.meta.url);
const { bridge } = testBridge(
  contract('host', { runs: counter({ help: 'Runs.' }) }),
  process.argv[2] === 'sdk' ? { engine: sdkEngine() } : {},
);
metrics.setGlobalMeterProvider(bridge.meterProvider);
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http') as {
  HttpInstrumentation: typeof HttpInstrumentationOf;
};
new HttpInstrumentation().setMeterProvider(metrics.getMeterProvider());

// After the instrumentation, and by `require`: that is what it patches.
const { createServer, get } = require('node:http') as typeof Http;
const server = createServer((request, response) => {
  response.statusCode = request.url === '/missing' ? 404 : 200;
  response.end('x');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const paths = ['/', '/missing', '/'];
for (const path of paths) await answered(path);
await new Promise((resolve) => server.close(resolve));
// The instrumentation records once a connection is done with, on either side.
await until('recorded', async () => {
  const counts = (await page()).matchAll(/^http_(?:client|server)_\w+_count\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0) === 2 * paths.length;
});

async function page(): Promise<string> {
  const { body } = await bridge.scrape({
    method: 'GET',
    path: '/metrics',
    query: new URLSearchParams(),
    header: () => undefined,
    peer: undefined,
  });
  return new TextDecoder().decode(body);
}

// Durations differ from run to run: what is compared is which series there are, and how many requests each of them counted.
const lines = (await page()).replaceAll(String(port), 'PORT').split('\n');
const counted = lines.filter((line) => line.startsWith('# ') || /_count\{/.test(line) || /le="\+Inf"/.test(line));
const named = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.replace(/ \S+$/, ''));
console.log(JSON.stringify({ counted: counted.sort(), named: named.sort() }));

function answered(path: string): Promise<void> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      response.on('close', resolve);
    });
  });
}
