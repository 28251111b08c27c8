/** `transport: unix`, at every server that takes it. */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:http2';
import { request as tlsRequest } from 'node:https';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { components } from '../../src/service/components.ts';
import { readConfig } from '../../src/service/config/index.ts';
import { certificate, certificates } from '../net/web-config/good-cases.ts';
import { noOwnMetrics, startFrom } from './graph/rig.ts';
import { begin, frame } from './receivers/otlp/grpc-client.ts';

const names = ['http', 'grpc', 'prometheus', 'health'] as const;

/** @param keys of every server */
function yamlAt(folder: string, keys = '', http = ''): string {
  const at = (name: (typeof names)[number]) => `transport: unix, endpoint: '${folder}/${name}.sock'${keys}`;
  return `
receivers: {otlp: {protocols: {http: {${at('http')}${http}}, grpc: {${at('grpc')}}}}}
exporters: {prometheus: {${at('prometheus')}}}
extensions: {health_check: {${at('health')}}}
service: {${noOwnMetrics}, extensions: [health_check], pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}`;
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-unix-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function answerTo(sent: ClientRequest, body = ''): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.on('response', resolve).on('error', reject).end(body);
  const response = await promise;
  return `${response.statusCode} ${await text(response)}`;
}

const options = (socketPath: string, method = 'GET', path = '/') => ({
  socketPath,
  method,
  path,
  agent: false,
  headers: { 'content-type': 'application/json', host: 'anything.example' },
});

const gauge = JSON.stringify({
  resourceMetrics: [
    { scopeMetrics: [{ metrics: [{ name: 'jobs', gauge: { dataPoints: [{ asInt: '7', timeUnixNano: '1' }] } }] }] },
  ],
});

test('all four answer, are named in the log without a warning, and are gone after the end', async (t) => {
  const folder = folderOf(t);
  const service = await startFrom(t, yamlAt(folder));
  const at = (name: string) => `${folder}/${name}.sock`;
  assert.equal(await answerTo(request(options(at('http'), 'POST', '/v1/metrics')), gauge), '200 {}');
  assert.match(await answerTo(request(options(at('prometheus'), 'GET', '/metrics'))), /^200 [\s\S]*\njobs\{.*\} 7\n/);
  assert.match(await answerTo(request(options(at('health')))), /^200 .*Server available/);
  const session = connect('http://localhost', { createConnection: () => createConnection(at('grpc')) });
  const { stream, answer } = begin(session);
  stream.end(frame(new Uint8Array(0)));
  assert.equal((await answer).grpcStatus, 0);
  session.destroy();
  assert.deepEqual([...service.urls()].sort(), [
    `grpc://unix:${at('grpc')}`,
    `http://unix:${at('health')}:/`,
    `http://unix:${at('http')}:/v1/metrics`,
    `http://unix:${at('prometheus')}:/metrics`,
  ]);
  assert.doesNotMatch(service.log(), /warn/i);
  await service.shutdown();
  assert.deepEqual(
    names.filter((name) => existsSync(at(name))),
    [],
  );
});

test('a reload, asked for over the socket of health_check, keeps the sockets whose settings stay and replaces the others', async (t) => {
  const folder = folderOf(t);
  const service = await startFrom(t, yamlAt(folder));
  const inodes = () => names.map((name) => lstatSync(`${folder}/${name}.sock`).ino);
  const before = inodes();
  assert.match(await answerTo(request(options(`${folder}/health.sock`, 'POST', '/-/reload'))), /^200 .*kept/);
  assert.deepEqual(inodes(), before);
  const proxied = options(`${folder}/health.sock`, 'POST', '/-/reload');
  assert.match(
    await answerTo(request({ ...proxied, headers: { ...proxied.headers, 'x-forwarded-for': '203.0.113.7' } })),
    /^200 .*kept/,
  );
  const { outcome } = await service.changeTo(yamlAt(folder, '', ', metrics_url_path: /m'));
  assert.equal(outcome, 'done');
  assert.equal(await answerTo(request(options(`${folder}/http.sock`, 'POST', '/m')), gauge), '200 {}');
  assert.deepEqual(inodes().slice(2), before.slice(2));
});

test('TLS stands before them as before a port', async (t) => {
  const folder = folderOf(t);
  const at = fileURLToPath(certificates);
  const tls = `, tls: {cert_file: '${at}server.pem', key_file: '${at}server.key.pem'}`;
  await startFrom(t, yamlAt(folder, tls));
  const trusted = { ca: certificate('authority.pem'), servername: 'localhost' };
  const ask = (name: string, method: string, path: string, body = '') =>
    answerTo(tlsRequest({ ...options(`${folder}/${name}.sock`, method, path), ...trusted }), body);
  assert.match(await ask('http', 'POST', '/v1/metrics', gauge), /^200 /);
  assert.match(await ask('prometheus', 'GET', '/metrics'), /^200 /);
  assert.match(await ask('health', 'GET', '/'), /^200 /);
  await assert.rejects(answerTo(request(options(`${folder}/http.sock`, 'POST', '/v1/metrics')), gauge));
});

test('two servers at one path are refused, also where it is written in two ways', () => {
  const yaml = yamlAt('/run/x').replace('/run/x/grpc.sock', '/run/x/../x/./http.sock');
  const read = readConfig({ config: [`yaml:${yaml}`] }, components, { env: {} });
  const problems = read.ok ? [] : read.problems.map(({ at, rule, fix }) => `${at} ${rule} ${fix}`);
  assert.match(
    problems.join('\n'),
    /protocols\.grpc\.endpoint another server listens there.*http\.endpoint give one of the two another path/,
  );
});
