import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import { createStore } from '../../../src/core/store/index.ts';
import { takeRow } from '../../core/store/labels.ts';
import { until } from '../../until.ts';
import { raw, takeApart } from '../http/requests.ts';
import { everywhere, openEndpoint, putGauge, spec } from './endpoint.ts';

const text = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).text();

for (const where of everywhere) {
  test(`${where}: values, new families, growth and what is gone show at the next scrape`, async (t) => {
    const store = createStore();
    const set = putGauge(store, 'app.a', 1);
    const { listener } = await openEndpoint(t, where, store);
    assert.match(await text(listener.url), /^app_a 1$/m);
    set(2);
    const source = store.source({ scope: { name: 'late' } });
    const late = source.family({ ...spec, name: 'app.late' }, true);
    const rows = Array.from({ length: 5_000 }, (_, index) => takeRow(late, { index: `${index}` }, 0, index));
    const page = await text(listener.url);
    assert.match(page, /^app_a 2$/m);
    for (const index of [0, 7, 8, 4_999]) assert.match(page, new RegExp(`^app_late\\{index="${index}"\\} ${index}$`, 'm'));
    late.drop(rows[8] as number);
    assert.doesNotMatch(await text(listener.url), /index="8"/);
    source.close();
    assert.doesNotMatch(await text(listener.url), /app_late/);
  });

  test(`${where}: callbacks are run for each scrape, in the host`, async (t) => {
    const store = createStore();
    const set = putGauge(store, 'app.a', 0);
    let runs = 0;
    const { listener, events } = await openEndpoint(t, where, store, {
      refresh: async (budgetMs) => {
        assert.ok(budgetMs > 0);
        set(++runs);
      },
    });
    for (const run of [1, 2]) assert.match(await text(listener.url), new RegExp(`^app_a ${run}$`, 'm'));
    await until('told', () => events.length >= 2);
    assert.deepEqual(
      events.map(({ outcome, series }) => [outcome, series]),
      [
        ['success', 1],
        ['success', 1],
      ],
    );
  });

  test(`${where}: an acknowledged callback has the scrape’s whole time`, async (t) => {
    const store = createStore();
    const set = putGauge(store, 'app.a', 0);
    const refresh = () => new Promise<void>((resolve) => setTimeout(() => resolve(set(1)), 150));
    const { listener } = await openEndpoint(t, where, store, { refresh });
    assert.match(await text(listener.url), /^app_a 1$/m);
  });

  test(`${where}: a callback that never ends is a 504, one that fails a 500, and neither tells why`, async (t) => {
    const { listener } = await openEndpoint(t, where, createStore(), { refresh: () => new Promise(() => {}), deadlineMs: 200 });
    assert.equal((await fetch(listener.url)).status, 504);
    const { listener: other } = await openEndpoint(t, where, createStore(), {
      refresh: () => Promise.reject(new Error('secret')),
    });
    const failed = await fetch(other.url);
    assert.equal(failed.status, 500);
    assert.doesNotMatch(await failed.text(), /secret/);
  });

  test(`${where}: formats, compression, HEAD, other methods and limits`, async (t) => {
    const store = createStore();
    const family = store
      .source({ scope: { name: 'app' } })
      .family({ ...spec, name: 'app.many', sorted: true, labels: ['key'] }, true);
    for (let index = 200; index-- > 0; ) takeRow(family, { key: `${index + 1000}` }, 0, index);
    const { listener } = await openEndpoint(t, where, store, { defaultFormat: 'openmetrics' });
    const page = await text(listener.url);
    assert.match(page, /# EOF\n$/);
    const lines = page.split('\n').filter((line) => line.startsWith('app_many'));
    assert.deepEqual(lines, lines.toSorted());
    assert.match((await fetch(listener.url, { headers: { accept: 'text/plain' } })).headers.get('content-type') ?? '', /0\.0\.4/);
    const zipped = await fetch(listener.url, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(zipped.headers.get('content-encoding'), 'gzip');
    assert.equal(await zipped.text(), page);
    assert.equal((await fetch(listener.url, { method: 'HEAD' })).status, 200);
    assert.equal((await fetch(listener.url, { method: 'POST' })).status, 405);
    const small = await openEndpoint(t, where, store, { maxBytes: 1_000 });
    assert.doesNotMatch(await text(small.listener.url), /app_many/);
    const strict = await openEndpoint(t, where, store, { maxBytes: 1_000, onTooLarge: 'fail' });
    assert.equal((await fetch(strict.listener.url)).status, 500);
  });

  test(`${where}: an observed family shows until it is too old, by the host’s clock`, async (t) => {
    let now = 1_000_000;
    const clock = () => now;
    const store = createStore({ clock });
    const source = store.source({ scope: { name: 'app' } });
    const family = source.family({ ...spec, name: 'app.seen', maxAgeMs: 60_000 }, false);
    source.replace([family], () => takeRow(family, {}, 0, 5));
    const strict = await openEndpoint(t, where, store, { clock, onStale: 'fail' });
    const { listener } = await openEndpoint(t, where, store, { clock });
    assert.match(await text(listener.url), /^app_seen 5$/m);
    now += 100_000;
    assert.doesNotMatch(await text(listener.url), /app_seen/);
    assert.equal((await fetch(strict.listener.url)).status, 500);
  });

  test(`${where}: foreign Host names, other paths and bad requests`, async (t) => {
    const { listener } = await openEndpoint(t, where, createStore(), { listen: { path: '/m' } });
    const { port } = listener.address;
    const status = async (...lines: string[]) => takeApart(await raw(port, [...lines, 'Connection: close'])).status;
    assert.equal(await status('GET /m HTTP/1.1', 'Host: localhost'), 200);
    assert.equal(await status('GET /m HTTP/1.1', 'Host: evil.example'), 421);
    assert.equal(await status('GET /metrics HTTP/1.1', 'Host: localhost'), 404);
    assert.equal(await status('hello'), 400);
  });

  test(`${where}: addresses that cannot be opened are the same errors`, async (t) => {
    const { listener } = await openEndpoint(t, where);
    const open = (address: string) => openEndpoint(t, where, createStore(), { address, listen: { at: 'metrics_listen' } });
    for (const [address, code] of [
      ['9478', 'LISTEN_ADDRESS_INVALID'],
      ['0.0.0.0:0', 'LISTEN_NOT_LOOPBACK'],
      [`127.0.0.1:${listener.address.port}`, 'LISTEN_FAILED'],
    ] as const) {
      await assert.rejects(open(address), (error) => {
        assert.ok(error instanceof MeterbridgeError);
        assert.equal(error.code, code);
        assert.match(error.message, /^metrics_listen: got /);
        return true;
      });
    }
  });

  test(`${where}: closing ends idle connections and frees the port; twice is once`, async (t) => {
    const { listener } = await openEndpoint(t, where);
    const socket = connect(listener.address.port, '127.0.0.1');
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'close');
    await Promise.all([listener.close(), listener.close()]);
    await ended;
    await assert.rejects(fetch(listener.url));
  });

  test(`${where}: a scrape that is under way does not hold closing up for long`, async (t) => {
    const asked = Promise.withResolvers<void>();
    const refresh = () => {
      asked.resolve();
      return new Promise<void>(() => {});
    };
    const { listener } = await openEndpoint(t, where, createStore(), { refresh });
    const hanging = assert.rejects(fetch(listener.url));
    await asked.promise;
    await listener.close();
    await hanging;
  });
}
