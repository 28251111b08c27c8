/** `node --import meterbridge/register`, in a process of its own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { freePort } from '../../../examples/demo/free-port.ts';
import { run } from './run.ts';

/** A server that answers one request to itself, and one of the metrics' listener, whose answer it prints. */
const asksItself = (port: number, then = '') => `
  import { createServer } from 'node:http';
  import { metrics } from '@opentelemetry/api';
  metrics.getMeter('library').createCounter('library.calls').add(3);
  const server = createServer((request, response) => response.writeHead(418).end('tea')).listen(0, '127.0.0.1', async () => {
    await (await fetch('http://127.0.0.1:' + server.address().port + '/a/path')).text();
    await (await fetch('http://127.0.0.1:${port}/metrics')).text();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const text = await (await fetch('http://127.0.0.1:${port}/metrics')).text();
    console.log(JSON.stringify(text));
    ${then}
  });
`;
const stop = 'server.closeAllConnections(); server.close();';

test("it serves the runtime's, the requests' and a library's metrics, and ends with the program", async (t) => {
  const port = await freePort();
  const { said, ended, errors } = run(t, asksItself(port, stop), { METERBRIDGE_LISTEN: `127.0.0.1:${port}` });
  const text = JSON.parse(await said());
  assert.match(text, /^process_uptime_seconds \d/m);
  assert.match(text, /^library_calls_total\{.*\} 3$/m);
  const requests = text.split('\n').filter((line: string) => line.startsWith('http_server_request_duration_seconds_count'));
  assert.equal(requests.length, 1, 'a scrape is no request of the program');
  assert.match(
    requests[0],
    /\{http_request_method="GET",url_scheme="http",http_response_status_code="418",network_protocol_version="1.1"\} 1$/,
  );
  assert.deepEqual(await ended, [0, null], errors());
  // In a container the listener says that no scraper outside can reach it.
  assert.equal(errors().replace(/^.* is this container's own loopback.*\n/m, ''), '');
});

test('the variables choose the names, or nothing', async (t) => {
  const port = await freePort();
  const env = {
    METERBRIDGE_LISTEN: `127.0.0.1:${port}`,
    METERBRIDGE_RUNTIME_METRICS: 'none',
    METERBRIDGE_HTTP_METRICS: 'fastify-metrics',
  };
  const text = JSON.parse(await run(t, asksItself(port, stop), env).said());
  assert.match(text, /^http_request_duration_seconds_count\{method="GET",route="__unknown__",status_code="418"\} 1$/m);
  assert.doesNotMatch(text, /^process_/m);
});

test('what is wrong or taken is one line each, and the program goes on', async (t) => {
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const { ended, errors, said } = run(t, "console.log('ran')", {
    METERBRIDGE_LISTEN: `127.0.0.1:${port}`,
    METERBRIDGE_RUNTIME_METRICS: 'all',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'not a url',
  });
  assert.equal(await said(), 'ran');
  assert.deepEqual(await ended, [0, null]);
  const lines = errors().trim().split('\n');
  assert.ok(
    lines.every((line) => line.startsWith('meterbridge: ')),
    errors(),
  );
  for (const name of ['METERBRIDGE_LISTEN', 'METERBRIDGE_RUNTIME_METRICS', 'OTEL_EXPORTER_OTLP_ENDPOINT']) {
    assert.equal(lines.filter((line) => line.includes(`${name}: `)).length, 1, `${name} in:\n${errors()}`);
  }
});

for (const [how, program, end] of [
  ['has nothing left to do', "console.log('ran')", [0, null]],
  ['gets SIGTERM', "console.log('ran'); setInterval(() => {}, 1000)", [null, 'SIGTERM']],
  [
    'handles SIGTERM',
    "setInterval(() => {}, 1000); process.on('SIGTERM', () => setTimeout(() => process.exit(7), 1500)); console.log('ran')",
    [7, null],
  ],
] as const) {
  test(`a program that ${how} pushes a last time, and ends as it would have`, async (t) => {
    const bodies: string[] = [];
    const receiver = createServer(async (request, response) => {
      bodies.push((await request.setEncoding('utf8').toArray()).join(''));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    t.after(() => receiver.close());
    const { port } = receiver.address() as AddressInfo;
    const { child, said, ended, errors } = run(t, program, {
      METERBRIDGE_LISTEN: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    await said();
    if (!how.startsWith('has')) child.kill('SIGTERM');
    assert.deepEqual(await ended, end, errors());
    assert.equal(bodies.length, 1);
    const [{ resource, scopeMetrics }] = JSON.parse(bodies[0] ?? '').resourceMetrics;
    const name = resource.attributes.find(({ key }: { key: string }) => key === 'service.name');
    assert.equal(name.value.stringValue, 'meterbridge', 'the name in package.json');
    assert.ok(JSON.stringify(scopeMetrics).includes('process.uptime'));
  });
}

test('the listener is open before the first line of a program, which may be CommonJS and block', async (t) => {
  const port = await freePort();
  const connect = `require('net').connect(${port}, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  const program = `
    const { status } = require('node:child_process').spawnSync(process.execPath, ['--eval', ${JSON.stringify(connect)}]);
    console.log('connected ' + status);`;
  assert.equal(await run(t, program, { METERBRIDGE_LISTEN: `127.0.0.1:${port}` }, 'commonjs').said(), 'connected 0');
});

test('a program that answers a last request after SIGTERM is measured until it ends, and no line says that something is lost', async (t) => {
  const port = await freePort();
  const program = `
    import { createServer, get } from 'node:http';
    import { metrics } from '@opentelemetry/api';
    const meter = metrics.getMeter('library');
    const answers = [];
    const server = createServer((request, response) => answers.push(() => response.end('late')));
    process.on('SIGTERM', () => {
      setTimeout(() => answers.forEach((answer) => answer()), 200);
      setTimeout(async () => {
        server.close();
        const text = await (await fetch('http://127.0.0.1:${port}/metrics')).text();
        console.log(/^http_server_request_duration_seconds_count\\{.*\\} 1$/m.test(text));
      }, 400);
    });
    let times = 0;
    process.on('beforeExit', () => {
      meter.createCounter('at.the.end').add(1);
      if (times++ < 3) setTimeout(() => {}, 20);
    });
    server.listen(0, '127.0.0.1', () => {
      server.on('request', () => process.kill(process.pid, 'SIGTERM'));
      get({ port: server.address().port, host: '127.0.0.1', agent: false });
    });`;
  const { said, ended, errors } = run(t, program, { METERBRIDGE_LISTEN: `127.0.0.1:${port}` });
  assert.equal(await said(), 'true');
  assert.deepEqual(await ended, [0, null], errors());
  assert.equal(errors().replace(/^.* is this container's own loopback.*\n/m, ''), '');
});

for (const [how, provider] of [
  ['requests of an instrumentation are not counted again', 'http.server.request.duration'],
  ['nor are callbacks for the runtime', 'nodejs.eventloop.utilization'],
] as const) {
  test(`${how}, and one line says so`, async (t) => {
    const port = await freePort();
    const before = `
      import { metrics } from '@opentelemetry/api';
      const meter = metrics.getMeter('theirs', '1');
      meter.createHistogram('http.server.request.duration', { unit: 's' }).record(1);
      const [taken, free] = ['nodejs.eventloop.utilization', 'their.own'].map((name) => meter.createObservableGauge(name, { unit: '1' }));
      meter.addBatchObservableCallback((result) => { result.observe(taken, 7); result.observe(free, 8); }, [taken, free]);
      meter.createObservableGauge('NODEJS.EVENTLOOP.UTILIZATION').addCallback((result) => result.observe(9));`;
    const env = { METERBRIDGE_LISTEN: `127.0.0.1:${port}` };
    const { said, ended, errors } = run(t, `${before} ${asksItself(port, stop).replace(/import \{ metrics \}.*/, '')}`, env);
    const text: string = JSON.parse(await said());
    const theirs = text.split('\n').filter((line) => line.includes('otel_scope_name="theirs"'));
    assert.deepEqual(theirs, ['their_own_ratio{otel_scope_name="theirs",otel_scope_version="1"} 8']);
    assert.equal(text.match(new RegExp(`^${provider.replaceAll('.', '_')}(_ratio|_seconds_count)\\b`, 'gm'))?.length, 1);
    assert.deepEqual(await ended, [0, null]);
    const lines = errors()
      .split('\n')
      .filter((line) => line !== '' && !line.includes("container's own loopback"));
    assert.equal(lines.length, 1, errors());
    assert.match(
      lines[0] ?? '',
      /^meterbridge: theirs measures http\.server\.request\.duration, .* once, by Meterbridge\. Fix: .*METERBRIDGE_HTTP_METRICS=none/,
    );
  });
}

test('beside the provider of another SDK it pushes nothing, which that one does, and says so', async (t) => {
  let pushes = 0;
  const receiver = createServer((request, response) => {
    pushes += 1;
    request.resume().on('end', () => response.end());
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  t.after(() => receiver.close());
  const { port } = receiver.address() as AddressInfo;
  const theirs = `data:text/javascript,import{metrics}from'${import.meta.resolve('@opentelemetry/api')}';import{MeterProvider}from'${import.meta.resolve('@opentelemetry/sdk-metrics')}';metrics.setGlobalMeterProvider(new MeterProvider())`;
  const env = {
    METERBRIDGE_LISTEN: 'none',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    NODE_OPTIONS: `--import ${JSON.stringify(theirs)}`,
  };
  const { said, ended, errors } = run(t, "console.log('ran')", env);
  assert.equal(await said(), 'ran');
  assert.deepEqual(await ended, [0, null]);
  assert.match(errors(), /^meterbridge: another meter provider is registered already, and stays: .* Fix: .*\n$/);
  assert.equal(pushes, 0);
});

test('OTEL_SDK_DISABLED turns it off', async (t) => {
  const { said, ended, errors } = run(t, "console.log(process.listenerCount('SIGTERM'))", { OTEL_SDK_DISABLED: 'true' });
  assert.equal(await said(), '0');
  assert.deepEqual(await ended, [0, null], errors());
});
