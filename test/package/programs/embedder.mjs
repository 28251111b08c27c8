/** All that works without an optional package: records, listens, listens in a thread, checks a password, pushes to the service, asks the command. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { zstdCompressSync } from 'node:zlib';
import { contract, counter, gauge, histogram, meterbridge, oneOf } from 'meterbridge';
import { testBridge } from 'meterbridge/testing';

const command = 'node_modules/meterbridge/dist/src/tools/cli/main.js';
const shop = contract('shop', {
  orders: counter({ unit: '{order}', help: 'Orders.', labels: { payment: oneOf('card', 'invoice') } }),
  checkoutDuration: histogram({ unit: 's', help: 'Time of a checkout.', bounds: [0.1, 1] }),
  level: gauge({ observed: true, unit: '1', help: 'Level.' }),
});

const service = spawn(
  process.execPath,
  [
    command,
    'serve',
    '--config',
    'yaml:{' +
      'receivers: {otlp: {protocols: {http: {endpoint: "localhost:0"}}}}, exporters: {prometheus: {endpoint: "localhost:0", without_scope_info: true}}, ' +
      'service: {telemetry: {metrics: {level: none}}, pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}}',
  ],
  {
    stdio: ['ignore', 'ignore', 'pipe'],
  },
);
let urls = [];
for await (const line of createInterface({ input: service.stderr })) {
  urls = /Listening: (.*)/.exec(line)?.[1].split(', ') ?? urls;
  if (line.includes('Everything is ready')) break;
}
const receiver = urls.find((url) => url.includes('/v1/metrics')) ?? urls[1];
const served = urls.find((url) => url !== receiver);

const push = { endpoint: new URL(receiver).origin, resource: { 'service.instance.id': 'one' } };
const bridge = meterbridge(shop, { env: {}, push, log() {} });
const { metrics } = bridge;
metrics.orders.add(2, { payment: 'card' });
metrics.checkoutDuration.record(0.5);
metrics.level.observe(() => 0.25);
bridge.meterProvider.getMeter('library').createCounter('calls').add(1);

const shown = async (url, headers = {}) => {
  const response = await fetch(url, { headers: { accept: 'text/plain', ...headers } });
  const lines = (await response.text()).split('\n').filter((line) => /^(shop_orders|shop_\w+_count|shop_level)/.test(line));
  return response.status === 200 ? lines : response.status;
};
const here = await bridge.listen('127.0.0.1:0');
const thread = await bridge.listen('127.0.0.1:0', { thread: true });
// "right", with cost 4.
writeFileSync('web-config.yml', 'basic_auth_users:\n  alice: $2y$04$WnAZgj3WEuHiWengbAC9P.dpYM1PlDsup0/O6KBJwXaRWuyNk4/2y\n');
const locked = await bridge.listen('127.0.0.1:0', { webConfig: 'web-config.yml' });
const password = (text) => ({ authorization: `Basic ${btoa(text)}` });
const pushed = await bridge.flush();
// An empty request, cut off; Node.js 22 decompresses it to an empty request.
const cutOff = await fetch(receiver, {
  method: 'POST',
  headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'zstd' },
  body: zstdCompressSync(Buffer.alloc(0)).subarray(0, -1),
});
const result = {
  listener: await shown(here.url),
  thread: await shown(thread.url),
  locked: [await shown(locked.url, password('alice:right')), await shown(locked.url, password('alice:wrong'))],
  pushed,
  cutOff: cutOff.status,
  service: await shown(served),
  library: (await bridge.gather()).some(({ name }) => name === 'calls_total'),
  tested: await testBridge(shop).value('orders', { payment: 'invoice' }),
  series: JSON.parse(execFileSync(process.execPath, [command, 'series', 'runwisp', '--format', 'json'])).map(
    ({ series }) => series,
  ),
};
await bridge.close();
service.stderr.resume();
service.kill('SIGTERM');
result.ended = (await once(service, 'exit'))[0];
process.stdout.write(JSON.stringify(result));
