/** DNS rebinding: a page of evil.example, whose name resolves to the service, gets nothing from any of its servers. */
import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { certificate, certificates } from '../../net/web-config/good-cases.ts';
import { until } from '../../until.ts';
import { runCommand } from './run-command.ts';
import { serve } from './running.ts';

const at = fileURLToPath(certificates);
const config = `yaml:
receivers:
  otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
  otlp/tls: {protocols: {http: {endpoint: "127.0.0.1:0", tls: {cert_file: '${at}server.pem', key_file: '${at}server.key.pem'}}}}
exporters: {prometheus: {endpoint: "0.0.0.0:0"}}
extensions: {health_check: {endpoint: "0.0.0.0:0"}}
service:
  extensions: [health_check]
  pipelines: {metrics: {receivers: [otlp, otlp/tls], exporters: [prometheus]}}
  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: 0}}}}]}}`;

interface Asked {
  readonly status: number | undefined;
  readonly body: string;
}

async function ask(url: string, host: string, body?: { readonly type: string; readonly bytes: string }): Promise<Asked> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { host, ...(body && { 'content-type': body.type }) };
  request(url, { method: body === undefined ? 'GET' : 'POST', headers, agent: false }, resolve)
    .on('error', reject)
    .end(body?.bytes);
  const response = await promise;
  return { status: response.statusCode, body: await text(response) };
}

async function askOverHttp2(url: string, authority: string): Promise<number | undefined> {
  const session = connect(new URL(url).origin, { ca: certificate('authority.pem'), servername: 'localhost' });
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  session.on('error', reject);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/v1/metrics',
    ':authority': authority,
    'content-type': 'application/json',
  });
  stream.on('response', ({ ':status': status }) => resolve(status)).on('error', reject);
  stream.end('{}');
  try {
    return await promise;
  } finally {
    session.destroy();
  }
}

const json = { type: 'application/json', bytes: '{}' };
const bodies = [json, { type: 'application/x-protobuf', bytes: '' }, { type: 'text/plain', bytes: '{}' }];

test('each server refuses a request for a name that is none of its own, and says which option allows it', {
  timeout: 60_000,
}, async (t) => {
  const running = await serve(t, ['--config', config, '--allowed-host', 'meterbridge', '--allowed-host', 'Metrics.example.org']);
  const plain = running.urls.filter((url) => url.startsWith('http://')).map((url) => url.replace('0.0.0.0', '127.0.0.1'));
  const secure = running.urls.find((url) => url.startsWith('https://')) ?? '';
  assert.equal(plain.length, 4);
  for (const url of plain) {
    const isOtlp = url.endsWith('/v1/metrics');
    for (const body of isOtlp ? bodies : [undefined]) {
      for (const host of ['evil.example', `evil.example:${new URL(url).port}`]) {
        const { status, body: said } = await ask(url, host, body);
        assert.equal(status, 421, `${url} ${host} ${body?.type}`);
        assert.match(said, /--allowed-host/);
      }
    }
    const expected = isOtlp ? json : undefined;
    for (const host of [
      'localhost',
      '127.0.0.1:1',
      '[::1]:1',
      '192.0.2.1',
      'meterbridge:1',
      'metrics.example.org',
      'METERBRIDGE.',
    ])
      assert.equal((await ask(url, host, expected)).status, 200, `${url} ${host}`);
  }
  assert.equal(await askOverHttp2(secure, 'evil.example'), 421);
  assert.equal(await askOverHttp2(secure, 'meterbridge'), 200);
  // One line for each component, however many requests.
  const lines = () => running.log().split('--allowed-host evil.example').length - 1;
  await until('all have said it', () => lines() >= 5);
  assert.equal(lines(), 5, running.log());
});

test('--allowed-host is a name', () => {
  const refused = runCommand(['serve', '--config', config, '--allowed-host', 'http://meterbridge:4318']);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /--allowed-host: got "http:\/\/meterbridge:4318"; it is a name without scheme and port/);
});
