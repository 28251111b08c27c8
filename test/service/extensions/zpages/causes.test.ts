/** One loss is one entry: where it happens, with what happened, its own message, and its sender where that is known. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { reasons as ofContracts } from '../../../../src/service/contract/broken.ts';
import { defaultLimits } from '../../../../src/service/limits.ts';
import { createReceivedTally } from '../../../../src/service/received/tally.ts';
import { reasonOf } from '../../../../src/service/watch/reasons.ts';
import { until } from '../../../until.ts';
import { otlp, type Page, requestOf, startWithPage, withPage } from './page.ts';

const limits = { ...defaultLimits, maxSeries: 4 };
const resource = { 'service.name': 'cart' };
const full = 'there are as many series as there may be (4)';

const briefly = async (page: Page) =>
  (await page.get('refusals')).refusals.map(({ what, reason, by, count, sender, severalSenders = false, message }) => [
    ...[what, reason, by, count],
    severalSenders ? 'several' : sender?.job,
    message,
  ]);

test('what happened is said of every reason that series and contracts have', () => {
  for (const reason of [...Object.keys(createReceivedTally().ignored), ...ofContracts])
    assert.ok(reasonOf(reason, 'exporter prometheus'), reason);
  assert.equal(reasonOf('no_room', 'exporter prometheus')?.happened(undefined), 'there is no memory for another series');
  assert.equal(reasonOf('family_limit', 'exporter prometheus')?.happened(7), 'there were as many names as there may be (7)');
});

test('a word means one thing at a receiver and another at an exporter', () => {
  assert.match(reasonOf('too_large', 'receiver otlp')?.happened(undefined) ?? '', /^requests had more bytes/);
  assert.match(reasonOf('too_large', 'exporter file')?.happened(undefined) ?? '', /^a batch was larger than a file may be/);
});

test('points that one request loses for two reasons: each has its own message, or none', async (t) => {
  const yaml = withPage(
    `receivers: {otlp: ${otlp}}\nexporters: {prometheus: {endpoint: '127.0.0.1:0'}}`,
    '{metrics: {receivers: [otlp], exporters: [prometheus]}}',
  );
  const page = await startWithPage(t, yaml, { limits });
  await page.send(requestOf({ points: 4, resource }));
  await page.send(Buffer.concat([requestOf({ points: 10, resource, timeMs: 2 }), requestOf({ points: 3, resource })]));
  assert.deepEqual((await briefly(page)).sort(), [
    ['dropped', 'older', 'exporter prometheus', 3, 'cart', undefined],
    ['refused', 'series_limit', 'exporter prometheus', 6, 'cart', full],
  ]);
});

test('put together, behind a processor batch: one entry, of several senders, by the exporter that refused', async (t) => {
  const yaml = withPage(
    `receivers: {otlp: ${otlp}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 4000}, batch: {timeout: 500ms}}
exporters: {prometheus: {endpoint: '127.0.0.1:0'}, debug: }`,
    '{metrics: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [prometheus, debug]}}',
  );
  const page = await startWithPage(t, yaml, { limits });
  // One request, as a gateway sends it. Two messages one after the other are one.
  const request = Buffer.concat(['cart', 'desk'].map((name) => requestOf({ points: 5, resource: { 'service.name': name } })));
  assert.equal(await page.send(request), 200);
  await until('lost', async () => (await page.get('refusals')).refusals.length > 0);
  assert.deepEqual(await briefly(page), [['refused', 'series_limit', 'exporter prometheus', 6, 'several', full]]);
  const batch = (await page.get('graph')).nodes.find(({ id }) => id === 'batch');
  assert.deepEqual([batch?.state, batch?.lastError], ['working', undefined]);
  const html = (await (await fetch(page.origin)).text()).replace(/<[^>]+>/g, '');
  assert.match(html, /6 points by exporter prometheus, from several senders: series_limit/);
  assert.doesNotMatch(html, /unknown sender/);
});

/** Answers each request with this status and text. @returns its port */
async function receiver(t: TestContext, status: number, text: string): Promise<number> {
  const next = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': 'text/plain' }).end(text));
  }).listen(0, '127.0.0.1');
  t.after(() => next.close());
  await new Promise((resolve) => next.once('listening', resolve));
  return (next.address() as AddressInfo).port;
}

test('a request that waits for its verdict: its loss is one of the exporter, with the cause', async (t) => {
  const port = await receiver(t, 400, 'no');
  const queue = 'sending_queue: {wait_for_result: true}';
  const yaml = withPage(
    `receivers: {otlp: ${otlp}}\nexporters: {otlp_http: {endpoint: 'http://127.0.0.1:${port}', ${queue}}}`,
    '{metrics: {receivers: [otlp], exporters: [otlp_http]}}',
  );
  const page = await startWithPage(t, yaml);
  await Promise.all([1, 2, 3].map((points) => page.send(requestOf({ points, resource }))));
  const entries = await briefly(page);
  assert.deepEqual(
    entries.map(([, ...rest]) => rest.slice(0, 4)),
    [['rejected', 'exporter otlp_http', 6, 'cart']],
  );
  assert.match(String(entries[0]?.[5]), /^the next receiver rejects it: 400 Bad Request/);
});

for (const showValues of [false, true])
  test(`what a next receiver says of a point may name a person: it is ${showValues ? '' : 'not '}shown`, async (t) => {
    const port = await receiver(t, 400, 'user "person@example.org" is unknown');
    const exporter = `otlp_http: {endpoint: 'http://127.0.0.1:${port}'}`;
    const yaml = withPage(
      `receivers: {otlp: ${otlp}}\nexporters: {${exporter}}`,
      '{metrics: {receivers: [otlp], exporters: [otlp_http]}}',
    );
    const page = await startWithPage(t, yaml, { showValues });
    await page.send(requestOf({ resource }));
    await until('lost', async () => (await page.get('refusals')).refusals.length > 0);
    const parts = ['refusals', 'graph', 'producers'] as const;
    const texts = await Promise.all(parts.map(async (part) => JSON.stringify(await page.get(part))));
    const all = `${texts.join('')}${await (await fetch(page.origin)).text()}`;
    assert.equal(all.includes('person@example.org'), showValues);
    if (!showValues) assert.match(texts[0] ?? '', /400 Bad Request, \(words that are not shown\)\. Fix: /);
  });
