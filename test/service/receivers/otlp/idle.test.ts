/**
 * A connection with a request under way is not idle, by whatever object the request knows it: other ones end for want of
 * descriptors.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { limitConnections } from '../../../../src/net/listen/connections.ts';
import { certificate, certificates } from '../../../net/web-config/good-cases.ts';
import { idle, stillOpen } from '../../../tools/cli/descriptors.ts';
import { until } from '../../../until.ts';
import { noOwnMetrics, startFrom } from '../../graph/rig.ts';
import { begin, frame } from './grpc-client.ts';

const at = fileURLToPath(certificates);
const tls = `tls: {cert_file: '${at}server.pem', key_file: '${at}server.key.pem'}`;
const trusted = { ca: certificate('authority.pem'), servername: 'localhost' };

/** A server of a process that may have three connections, and ends all but one of four that say nothing. */
async function crowd(t: TestContext, protocol: 'http' | 'grpc') {
  limitConnections(1_000);
  const service = await startFrom(
    t,
    `{receivers: {otlp: {protocols: {${protocol}: {endpoint: "127.0.0.1:0", ${tls}}}}}, exporters: {nop: },
      service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}}`,
  );
  const port = Number(/:(\d+)/.exec(service.urls()[0] ?? '')?.[1]);
  return {
    port,
    async fill() {
      limitConnections(2);
      const sockets = await idle(t, port, 4);
      await until('three have ended', () => stillOpen(sockets) === 1);
      limitConnections(1_000);
      for (const socket of sockets) socket.destroy();
    },
  };
}

const post = { method: 'POST', path: '/v1/metrics' };
const json = { 'content-type': 'application/json' };

test('OTLP over HTTP/1.1 and TLS', async (t) => {
  const { port, fill } = await crowd(t, 'http');
  const sent = request({
    host: '127.0.0.1',
    port,
    ...post,
    headers: { ...json, expect: '100-continue' },
    agent: false,
    ...trusted,
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  await fill();
  sent.end('{}');
  const [answer] = await once(sent, 'response');
  assert.deepEqual([answer.statusCode, await text(answer)], [200, '{}']);
});

test('OTLP over HTTP/2', async (t) => {
  const { port, fill } = await crowd(t, 'http');
  const session = connect(`https://127.0.0.1:${port}`, trusted);
  t.after(() => session.destroy());
  const stream = session.request({ ':method': post.method, ':path': post.path, ...json, expect: '100-continue' });
  await once(stream, 'continue');
  await fill();
  stream.end('{}');
  const [headers] = await once(stream, 'response');
  assert.deepEqual([headers[':status'], await text(stream)], [200, '{}']);
});

test('OTLP over gRPC and TLS', async (t) => {
  const { port, fill } = await crowd(t, 'grpc');
  const session = connect(`https://127.0.0.1:${port}`, trusted);
  t.after(() => session.destroy());
  const { stream, answer } = begin(session);
  const message = frame(new Uint8Array(0));
  stream.write(message.subarray(0, 1));
  await once(session, 'remoteSettings');
  await new Promise((resolve) => session.ping(resolve));
  await fill();
  stream.end(message.subarray(1));
  assert.equal((await answer).grpcStatus, 0);
});
