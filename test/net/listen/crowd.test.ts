/** Clients that hold connections of the dedicated listener, with the bounds that it has: others go on being served. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleOf } from '../../full.ts';
import { until } from '../../until.ts';
import { headerOf } from '../access/request-as.ts';
import { everywhere, openEndpoint, putGauge } from '../pull/endpoint.ts';
import { answered, connected, drip, request, scraped } from './crowd.ts';

for (const where of sampleOf(everywhere)) {
  test(`${where}: 1,200 connections that never ask lock nobody out`, async (t) => {
    const { listener } = await openEndpoint(t, where);
    await connected(t, listener.address.port, 1_200);
    assert.equal((await scraped(listener.address.port))?.status, 200);
  });

  test(`${where}: 1,200 connections that are kept lock nobody out`, async (t) => {
    const { listener } = await openEndpoint(t, where);
    for (let batch = 0; batch < 12; batch++) {
      const kept = await connected(t, listener.address.port, 100);
      for (const socket of kept) socket.write(request('/other'));
      await Promise.all(kept.map((socket) => once(socket, 'data')));
    }
    assert.equal((await scraped(listener.address.port))?.status, 200);
  });

  test(`${where}: of 1,000 honest scrapes at once each is answered, 200 or 503 with a time to come again`, async (t) => {
    const { listener, store } = await openEndpoint(t, where);
    putGauge(store, 'app.runs', 3);
    const sockets = await connected(t, listener.address.port, 1_000);
    const answers = await Promise.all(sockets.map((socket) => answered(socket, request('/metrics', 'Connection: close'))));
    const served = answers.filter((answer) => answer.status === 200);
    const refused = answers.filter((answer) => answer.status === 503);
    assert.equal(served.length + refused.length, 1_000);
    assert.ok(served.length >= 100, `${served.length} served`);
    for (const { body } of served) assert.match(body, /^app_runs 3$/m);
    for (const answer of refused) assert.equal(headerOf(answer, 'retry-after'), '1');
  });

  test(`${where}: 100 clients that send what is no request, then byte by byte, and never hang up, lock nobody out`, async (t) => {
    const { listener } = await openEndpoint(t, where);
    const sockets = await connected(t, listener.address.port, 100);
    drip(t, sockets, 'no request\r\n\r\n', 100);
    await Promise.all(sockets.map((socket) => once(socket, 'data')));
    assert.equal((await scraped(listener.address.port))?.status, 200);
    await until('cut off', () => sockets.every(({ closed }) => closed));
  });

  test(`${where}: 90 clients that never read a large page: the others go on being served`, async (t) => {
    const { listener, store, events } = await openEndpoint(t, where, undefined, { maxBytes: 64 * 1024 * 1024 });
    for (let series = 0; series < 30; series++) putGauge(store, `app.long${series}`, 1, { text: 'x'.repeat(1_000_000) });
    const sockets = await connected(t, listener.address.port, 90);
    for (const socket of sockets) socket.pause().write(request());
    // Empty lines ahead of a request are passed over (RFC 9112, section 2.2), and no connection is idle.
    drip(t, sockets, '', 1_000, '\n');
    await until('the memory for replies is taken', () => events.length >= 3);
    let status: number | undefined;
    for (let tries = 0; tries < 60 && status !== 200; tries++) {
      const answer = await scraped(listener.address.port);
      status = answer?.status;
      // As the answer says.
      if (status === 503) await sleep(1_000);
    }
    assert.equal(status, 200);
  });
}
