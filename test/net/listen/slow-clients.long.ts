/**
 * Clients that never hang up, against the bounds that the listener has: how long they hold a connection, and what honest scrapes
 * get meanwhile.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { everywhere, openEndpoint } from '../pull/endpoint.ts';
import { connected, drip, scraped } from './crowd.ts';

const attacks = {
  'no request': 'no request\r\n\r\n',
  'half a head': 'GET /metrics HTTP/1.1\r\nHost: local',
  'a body that never comes': 'POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n',
  nothing: '',
};

// Side by side: all they do is wait, each with a listener of its own.
describe('slow clients', { concurrency: true }, () => {
  for (const where of everywhere) {
    for (const [name, begin] of Object.entries(attacks)) {
      test(`${where}: 100 clients that send ${name}, and a byte a second: gone within 20 s, and every scrape meanwhile is served`, async (t) => {
        const { listener } = await openEndpoint(t, where);
        const sockets = await connected(t, listener.address.port, 100);
        const begun = performance.now();
        // A byte to a connection that was cut off closes it here too.
        drip(t, sockets, begin, 1_000);
        for (const socket of sockets) socket.resume();
        const seconds = () => (performance.now() - begun) / 1_000;
        let served = 0;
        while (!sockets.every(({ closed }) => closed)) {
          assert.equal((await scraped(listener.address.port))?.status, 200);
          served += 1;
          await sleep(100);
          assert.ok(seconds() < 60);
        }
        t.diagnostic(`gone after ${seconds().toFixed(1)} s, ${served} honest scrapes served meanwhile`);
        assert.ok(seconds() < 20);
      });
    }
  }
});
