/**
 * What Meterbridge relies on in other libraries beyond their public interface: the list is in CONTRIBUTING.md. A failure here
 * means that the library has changed under it.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type ClientRequest, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import express from 'express';
// @ts-expect-error the types are those of Express 5
import express4 from 'express-4';
import { fastify } from 'fastify';
import { fastifyLines } from '../library/fastify/fastify-lines.ts';
import { certificate } from '../net/web-config/good-cases.ts';

async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** src/library/push/sdk/connection.ts */
type WithAddRequest = http.Agent & { addRequest(request: ClientRequest, ...rest: unknown[]): void };

for (const { request, Agent } of [http, https]) {
  test(`${request === http.request ? 'http' : 'https'}.request hands each request over to addRequest of its agent, at once`, (t) => {
    const agent = new Agent() as WithAddRequest;
    const handed: ClientRequest[] = [];
    agent.addRequest = (one) => void handed.push(one);
    const sent = request({ host: '127.0.0.1', port: 1, agent });
    t.after(() => sent.destroy());
    assert.deepEqual(handed, [sent]);
    assert.equal(sent.socket, null, 'nothing else opens a connection');
  });
}

test('what addRequest of an agent was before sends the request', async (t) => {
  const port = await listening(
    t,
    http.createServer((_request, response) => response.end('here')),
  );
  const agent = new http.Agent() as WithAddRequest;
  const addRequest = agent.addRequest.bind(agent);
  let handed = 0;
  agent.addRequest = (...all) => {
    handed++;
    addRequest(...all);
  };
  const request = http.get({ host: '127.0.0.1', port, agent });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  assert.equal(await Readable.from(response).reduce((text, chunk) => text + chunk, ''), 'here');
  assert.equal(handed, 1);
});

test('a request that no agent gave a socket says nothing of its end', async () => {
  const agent = new http.Agent() as WithAddRequest;
  agent.addRequest = () => {};
  const request = http.request({ host: '127.0.0.1', port: 1, agent });
  const heard: string[] = [];
  for (const event of ['error', 'close']) request.once(event, () => heard.push(event));
  request.destroy();
  await setImmediate();
  assert.deepEqual(heard, []);
});

/** src/net/access/log/request-log.ts: ways in which an answer begins. */
const answers: Readonly<Record<string, RequestListener>> = {
  'writeHead()': (_request, response) => void response.writeHead(201).end('x'),
  'writeHead() with headers': (_request, response) => void response.writeHead(201, 'Made', { 'content-length': 1 }).end('x'),
  'end()': (_request, response) => void Object.assign(response, { statusCode: 201 }).end(),
  'end() with a body': (_request, response) => void Object.assign(response, { statusCode: 201 }).end('x'),
  'write()': (_request, response) => {
    response.statusCode = 201;
    response.write('x');
    response.end('y');
  },
  'flushHeaders()': (_request, response) => {
    response.statusCode = 201;
    response.flushHeaders();
    response.end('x');
  },
  'pipe()': (_request, response) => void Readable.from(['x']).pipe(Object.assign(response, { statusCode: 201 })),
};

/** Sees to the status of each head that is written, as the request log does. */
function watch(response: ServerResponse, statuses: number[]): void {
  const writeHead = response.writeHead;
  response.writeHead = function (this: ServerResponse, status: number, ...rest: never[]) {
    assert.equal(this.headersSent, false, 'the head is still to be sent');
    statuses.push(status);
    return writeHead.call(this, status, ...rest);
  } as typeof writeHead;
}

for (const [name, answer] of Object.entries(answers)) {
  test(`the head of a response that begins with ${name} goes through writeHead, once`, async (t) => {
    const statuses: number[] = [];
    const server = http.createServer(answer);
    server.prependListener('request', (_request, response: ServerResponse) => watch(response, statuses));
    const port = await listening(t, server);
    const response = await fetch(`http://127.0.0.1:${port}`);
    await response.text();
    assert.deepEqual([response.status, ...statuses], [201, 201]);
  });
}

test('so does that of an answer by Fastify, a stream or not', async (t) => {
  const statuses: number[] = [];
  const app = fastify();
  t.after(() => app.close());
  app.server.prependListener('request', (_request, response: ServerResponse) => watch(response, statuses));
  app.get('/text', (_request, reply) => reply.code(201).send('x'));
  app.get('/stream', (_request, reply) => reply.code(202).send(Readable.from(['x'])));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const path of ['/text', '/stream', '/none']) await (await fetch(`${url}${path}`)).text();
  assert.deepEqual(statuses, [201, 202, 404]);
});

/** src/net/web-config/tls-server.ts */
test('a TLS server reads requestCert for each connection', async (t) => {
  const server = https.createServer({
    cert: certificate('server.pem'),
    key: certificate('server.key.pem'),
    ca: certificate('authority.pem'),
    rejectUnauthorized: false,
  });
  const port = await listening(t, server);
  const shown: boolean[] = [];
  for (const requestCert of [false, true, false]) {
    Object.assign(server, { requestCert });
    const client = connect({
      host: '127.0.0.1',
      port,
      ca: certificate('authority.pem'),
      cert: certificate('client.pem'),
      key: certificate('client.key.pem'),
    });
    const [socket] = (await once(server, 'secureConnection')) as [TLSSocket];
    shown.push(socket.getPeerX509Certificate() !== undefined);
    client.destroy();
    await once(socket, 'close');
  }
  assert.deepEqual(shown, [false, true, false]);
});

/** src/library/fastify/request-log.ts */
test("Fastify's own listener of clientError is known by its name, and a host's has another", async (t) => {
  for (const [clientErrorHandler, names] of [
    [undefined, ['bound defaultClientErrorHandler']],
    [function ofTheHost(): void {}, ['bound ofTheHost']],
  ] as const) {
    const app = fastify(clientErrorHandler && { clientErrorHandler });
    t.after(() => app.close());
    assert.deepEqual(
      app.server.listeners('clientError').map(({ name }) => name),
      names,
    );
  }
});

/** src/net/http/fastify-before-routing.ts */
for (const [name, create] of fastifyLines) {
  test(`${name}: a constraint that every request is asked for is derived before the target is read, for routes declared before and after`, async () => {
    const app = create();
    app.get('/early', async () => 'early');
    app.addConstraintStrategy({
      name: 'first',
      mustMatchWhenDerived: true,
      storage: () => ({ get: () => null, set() {} }),
      deriveConstraint(request) {
        const { url } = request as http.IncomingMessage;
        (request as http.IncomingMessage).url = url?.replace('%zz', '');
        return undefined;
      },
    });
    app.get('/late', async () => 'late');
    app.get('/late', { constraints: { version: '2.0.0' } }, async () => 'second');
    const bodies = ['/early%zz', '/late%zz', '/late'].map(async (url) => (await app.inject(url)).body);
    assert.deepEqual(await Promise.all(bodies), ['early', 'late', 'late']);
    assert.equal((await app.inject({ url: '/late%zz', headers: { 'accept-version': '2.x' } })).body, 'second');
    assert.equal((await app.inject('/nothing%zz')).statusCode, 404);
  });
}
/** src/library/http-metrics/express-order.ts */
test('an Express app keeps what it runs in its stack, each with its function, and routes with their path', () => {
  const middleware = (_request: unknown, _response: unknown, next: () => void) => next();
  for (const [create, key] of [
    [express, 'router'],
    [express4 as unknown as typeof express, '_router'],
  ] as const) {
    const app = create();
    app.get('/orders/:id', middleware);
    app.use('/api', create.Router());
    app.use(middleware);
    const { stack } =
      (app as unknown as Record<string, { stack: { handle: { stack?: unknown }; route?: { path: string } }[] }>)[key] ?? {};
    const own = stack?.slice(-3);
    assert.equal(own?.[0]?.route?.path, '/orders/:id');
    assert.ok(Array.isArray(own?.[1]?.handle.stack));
    assert.equal(own?.[2]?.handle, middleware);
  }
});
