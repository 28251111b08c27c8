/** Requests of every shape to the dedicated listener: methods, and what no handler ever hears of. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { type Access, bearer, notFound, secret, unauthorized } from '../../../src/access.ts';
import { until } from '../../until.ts';
import { ask } from '../access/request-as.ts';
import { everywhere, openEndpoint } from './endpoint.ts';

/** Everything but what is no request to an HTTP server: a tunnel (RFC 9110, section 9.3.6). */
const methods = METHODS.filter((method) => method !== 'CONNECT');
assert.ok(methods.includes('QUERY'));

/** All that a connection gets for these bytes until the listener ends it, without what differs from one to the next. */
async function conversation(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  const received = await text(socket).catch(() => 'reset');
  return received.replace(/^date: .*$/gim, 'date').replace(/^(x-request-id): .*$/gim, '$1');
}

const hidden: Access = { gate: bearer(secret('good')), refusal: notFound() };

/** Shapes of requests for a path, each the whole of a connection. */
function shapes(path: string): readonly string[] {
  const head = (line: string, ...lines: readonly string[]): string => [line, 'Host: localhost', ...lines, '\r\n'].join('\r\n');
  const last = head('GET /last HTTP/1.1', 'Connection: close');
  const bodies = [
    'Content-Length: 2\r\n\r\n{}',
    'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'Content-Length: 0\r\n\r\n',
  ];
  return [
    ...methods.map((method) => head(`${method} ${path} HTTP/1.1`, 'Connection: close')),
    ...methods.flatMap((method) => bodies.map((body) => `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${body}${last}`)),
    ...['websocket', 'h2c', 'TLS/1.0', 'x'].map((to) =>
      head(`GET ${path} HTTP/1.1`, `Upgrade: ${to}`, 'Connection: Upgrade, close'),
    ),
    ...['no request', '\0\0', 'GET', 'GET / HTTP/9.9', 'X'.repeat(20_000)].map(
      (rest) => `${head(`GET ${path} HTTP/1.1`)}${rest}\r\n\r\n`,
    ),
    ...['zz', '2', '2\r\n{}', 'ffffffffffffffffff'].map(
      (chunk) => `POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}\r\n\r\n!\r\n\r\n`,
    ),
    `GET ${path} HTTP/1.0\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`,
    head(`GET ${path} HTTP/1.1`, 'Expect: foo', 'Connection: close'),
    head(`POST ${path} HTTP/1.1`, 'Expect: 100-continue', 'Connection: close'),
    head(`GET ${path} HTTP/1.1`, 'Connection: close').replace('localhost', 'evil.example'),
    head(`GET ${path}?x=%zz HTTP/1.1`).repeat(3) + last,
    head(`GET http://localhost${path} HTTP/1.1`, 'Connection: close'),
  ];
}

for (const where of everywhere) {
  test(`${where}: every method that is not GET or HEAD is 405, 401 or 404, QUERY too`, async (t) => {
    const open = await openEndpoint(t, where);
    const closed = await openEndpoint(t, where, undefined, { listen: { access: { ...hidden, refusal: unauthorized() } } });
    for (const method of methods) {
      const allowed = method === 'GET' || method === 'HEAD';
      assert.equal((await ask(open.listener.address.port, { method })).status, allowed ? 200 : 405, method);
      assert.equal((await ask(open.listener.address.port, { method, path: '/other' })).status, 404, method);
      assert.equal((await ask(closed.listener.address.port, { method })).status, 401, method);
    }
  });

  test(`${where}: a hidden endpoint answers byte for byte as a path that does not exist, whatever the connection sends`, async (t) => {
    const { listener } = await openEndpoint(t, where, undefined, { listen: { access: hidden, requestLog: { write: () => {} } } });
    const { port } = listener.address;
    const [known, unknown] = [shapes('/metrics'), shapes('/unknown')];
    for (const [index, bytes] of known.entries()) {
      const answers = await Promise.all([conversation(port, bytes), conversation(port, unknown[index] as string)]);
      assert.equal(answers[0], answers[1], bytes);
      assert.match(answers[0], /^HTTP\/1\.1 \d/, bytes);
    }
  });

  test(`${where}: what no handler hears of has an id and a line too`, async (t) => {
    const lines: string[] = [];
    const { listener } = await openEndpoint(t, where, undefined, {
      listen: { requestLog: { write: (line) => void lines.push(line) } },
    });
    for (const [bytes, status, facts] of [
      ['hello\r\n\r\n', 400, 'method=- path=-'],
      [`GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'method=- path=-'],
      ['GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'method=GET path=/metrics'],
      ['GET /metrics HTTP/1.1\r\nHost: localhost\r\nExpect: foo\r\nConnection: close\r\n\r\n', 417, 'method=GET path=/metrics'],
    ] as const) {
      lines.length = 0;
      const socket = connect(listener.address.port, '127.0.0.1');
      socket.write(bytes);
      const received = await text(socket);
      const [, id = 'none'] = /^x-request-id: ([0-9a-f]{16})\r$/im.exec(received) ?? [];
      assert.match(received, new RegExp(`^HTTP/1\\.1 ${status} `));
      await until('logged', () => lines.length > 0);
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? '', new RegExp(`id=${id} ${facts} status=${status} dur_ms=\\d+ tenant=-$`));
    }
  });
}

test('the listener does not load Fastify', async (t) => {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) { console.log(specifier); return next(specifier, context); } });
    const { listen } = await import(${JSON.stringify(new URL('../../../src/net/pull/listen.ts', import.meta.url))});
    const listener = await listen(async () => ({ status: 200, headers: {}, body: new Uint8Array() }), '127.0.0.1:0', { log() {} });
    console.log((await fetch(listener.url)).status);
    await listener.close();`;
  const host = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => host.kill('SIGKILL'));
  const lines = (await text(host.stdout)).trimEnd().split('\n');
  assert.ok(lines.includes('node:http') && lines.at(-1) === '200', lines.join('\n'));
  assert.deepEqual(
    lines.filter((line) => line.includes('fastify')),
    [],
  );
});
