/**
 * The access log of a whole server: also of what Node answers before any listener hears of it (RFC 9112, sections 3.2 and 5; RFC
 * 9110, section 10.1.1).
 */
import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type TestContext, test } from 'node:test';
import { logRequests } from '../../../src/access.ts';
import { answers, listening } from '../http/sockets.ts';

async function served(
  t: TestContext,
  listener: RequestListener,
  lines: string[],
  use: (server: Server) => void = () => {},
): Promise<number> {
  const server = logRequests(createServer(listener), { write: (line) => void lines.push(line) });
  use(server);
  return listening(t, server);
}

const ids = (response: string): string[] =>
  [...response.matchAll(/^x-request-id: ([0-9a-f]{16})\r$/gim)].map(([, id = '']) => id);
const statuses = (response: string): string[] =>
  [...response.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status = '']) => status);

for (const [name, bytes, status, facts] of [
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'method=- path=-'],
  ['two lengths', 'GET /m HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'method=- path=-'],
  ['headers beyond the limit', `GET /m HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'method=- path=-'],
  ['no Host', 'GET /m?q HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'method=GET path=/m'],
  ['an expectation', 'PUT /m HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: foo\r\n\r\n', 417, 'method=PUT path=/m'],
] as const) {
  test(`${name}: ${status}, with an id and one line`, async (t) => {
    const lines: string[] = [];
    const response = await answers(await served(t, (_request, reply) => reply.end('ok'), lines), bytes);
    const [id] = ids(response);
    assert.deepEqual([statuses(response), ids(response).length, lines.length], [[`${status}`], 1, 1]);
    assert.match(lines[0] ?? '', new RegExp(`id=${id} ${facts} status=${status} dur_ms=\\d+ tenant=-$`));
  });
}

const late: RequestListener = (_request, reply) => void setImmediate(() => reply.writeHead(404).end('gone'));
const atOnce: RequestListener = (_request, reply) => void reply.writeHead(404).end('gone');

for (const [when, listener] of [
  ['at once', atOnce],
  ['later', late],
] as const) {
  test(`what comes ahead of bytes that are no request is answered first, also ${when}`, async (t) => {
    const lines: string[] = [];
    const response = await answers(await served(t, listener, lines), 'GET /a HTTP/1.1\r\nHost: x\r\n\r\nno request\r\n\r\n');
    assert.deepEqual(statuses(response), ['404', '400']);
    assert.deepEqual(
      lines.map((line) => /status=(\d+)/.exec(line)?.[1]),
      ['404', '400'],
    );
  });

  test(`a body that cannot be read belongs to the request that was answered ${when}: no second answer`, async (t) => {
    const lines: string[] = [];
    const chunked = 'POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n';
    const response = await answers(await served(t, listener, lines), chunked);
    assert.deepEqual([statuses(response), lines.length], [['404'], 1]);
  });
}

test('a server that answers what it cannot read by itself goes on to', async (t) => {
  const lines: string[] = [];
  const port = await served(t, atOnce, lines, (server) =>
    server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Own\r\n\r\n')),
  );
  assert.equal(await answers(port, 'hello\r\n\r\n'), 'HTTP/1.1 400 Own\r\n\r\n');
  assert.deepEqual(lines, []);
});

test('a handler that waits for the rest of a body that broke: the answer is 400, and the connection ends', async (t) => {
  const lines: string[] = [];
  const port = await served(t, (request, reply) => void request.resume().once('end', () => reply.end('whole')), lines);
  const response = await answers(port, 'POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n');
  assert.deepEqual([statuses(response), ids(response).length], [['400'], 1]);
  assert.ok(
    lines.some((line) => line.includes(` id=${ids(response)[0]} `) && line.includes('status=400')),
    lines.join('\n'),
  );
});
