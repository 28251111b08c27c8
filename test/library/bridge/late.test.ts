/** Sources that take longer than a scrape has: their readings are used when they come. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { contract, gauge, MeterbridgeError, meterbridge, type RequestFacts } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { until } from '../../until.ts';

const declared = contract('slow', { rows: gauge({ observed: true, help: 'Rows.' }) });

/** Each reading takes as long as the test wants, and reads the next number. */
function slowSource() {
  const underWay: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  let reads = 0;
  return {
    signals,
    get reads() {
      return reads;
    },
    async read(o: { set(value: number): void }, signal: AbortSignal): Promise<void> {
      const read = ++reads;
      signals.push(signal);
      await new Promise<void>((resolve) => underWay.push(resolve));
      o.set(read);
    },
    /** Ends all readings, and what waits for them. */
    async end(): Promise<void> {
      for (const resolve of underWay.splice(0)) resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A scrape whose scraper waits for a tenth of a second, or as long as it takes. */
async function scrape(bridge: { readonly scrape: (request: RequestFacts) => unknown }, wait: 'short' | 'long' = 'short') {
  const headers: Record<string, string> = {
    accept: 'text/plain',
    'x-prometheus-scrape-timeout-seconds': wait === 'short' ? '0.6' : '3600',
  };
  const request = {
    method: 'GET',
    path: '/metrics',
    query: new URLSearchParams(),
    header: (name: string) => headers[name],
    peer: '::1',
  };
  const ask = async () => (await bridge.scrape(request)) as { status: number; body: Uint8Array };
  let answer = await ask();
  // A fifth of the time is left for the page: where a busy machine takes it, the scraper comes again, as scrapers do.
  for (let tries = 0; wait === 'short' && answer.status === 504 && tries < 50; tries++) answer = await ask();
  const { status, body } = answer;
  const text = new TextDecoder().decode(body);
  return { status, rows: /^slow_rows (.*)$/m.exec(text)?.[1], text };
}

const patient = { callbackTimeoutMs: 3_600_000, scrape: { deadlineMs: 3_600_000 } };

test('a reading that comes after the scrape is what the next scrape shows', async () => {
  const { bridge, metrics, log } = testBridge(declared, patient);
  const source = slowSource();
  metrics.rows.observe(source.read);
  assert.equal((await scrape(bridge)).rows, undefined, 'nothing is known yet');
  for (const read of [1, 2, 3]) {
    assert.equal(source.reads, read);
    await source.end();
    assert.deepEqual(await scrape(bridge), { ...(await scrape(bridge)), status: 200, rows: String(read) });
  }
  assert.equal(log.length, 1, 'a source that is always late is one line');
  assert.match(log[0] ?? '', /^slow_rows: collection late \(waited for /);
  await source.end();
});

test('a scrape waits for the reading that is under way, in place of another one', async () => {
  const { bridge, metrics, log } = testBridge(declared, patient);
  const source = slowSource();
  metrics.rows.observe(source.read);
  await scrape(bridge);
  const next = scrape(bridge, 'long');
  await source.end();
  assert.deepEqual([(await next).rows, source.reads], ['1', 1]);
  const inTime = scrape(bridge, 'long');
  await until('asked', () => source.reads === 2);
  await source.end();
  assert.equal((await inTime).rows, '2');
  assert.deepEqual(log.slice(1), ['slow_rows: collected again'], 'only a reading in time ends the delay');
});

test("a scraper's time-out is not the callback's: its signal aborts after callbackTimeoutMs", async () => {
  const { bridge, metrics } = testBridge(declared, patient);
  const source = slowSource();
  metrics.rows.observe(source.read);
  await scrape(bridge);
  assert.equal(source.signals[0]?.aborted, false);
  await source.end();

  const { bridge: hasty, metrics: own } = testBridge(declared, { callbackTimeoutMs: 1 });
  own.rows.observe(source.read);
  const asked = hasty.refresh();
  await once(source.signals[1] as AbortSignal, 'abort');
  await asked;
  await source.end();
  assert.equal((await scrape(hasty)).rows, '2', 'and what it reads all the same is shown');
  await source.end();
});

test('a scraper that has little time does not wait as long as a push that collects', async () => {
  const { bridge, metrics } = testBridge(declared, patient);
  const source = slowSource();
  metrics.rows.observe(source.read);
  const collecting = bridge.refresh();
  const { status } = await scrape(bridge);
  assert.equal(status, 200);
  await source.end();
  await collecting;
});

test('a reading that fails after the scrape is said, and its end, too', async () => {
  const { bridge, metrics, log } = testBridge(declared, patient);
  let fails = true;
  let fail = () => {};
  const failing = () =>
    new Promise<never>((_, reject) => {
      fail = () => reject(new Error('no database'));
    });
  metrics.rows.observe(() => (fails ? failing() : 7));
  for (const _ of [1, 2]) {
    await scrape(bridge);
    fail();
    await new Promise((resolve) => setImmediate(resolve));
  }
  fails = false;
  assert.equal((await scrape(bridge)).rows, '7');
  assert.deepEqual(
    log.map((line) => /collection late|collection failed \(Error: no database|collected again/.exec(line)?.[0]),
    ['collection late', 'collection failed (Error: no database', 'collected again'],
  );
});

test('a reading that ends after close() says and shows nothing', async () => {
  const { bridge, metrics, log } = testBridge(declared, patient);
  let fail = () => {};
  metrics.rows.observe(
    () =>
      new Promise<never>((_, reject) => {
        fail = () => reject(new Error('database closed'));
      }),
  );
  await scrape(bridge);
  await bridge.close();
  fail();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(log.length, 1);
});

test('detached meanwhile: what it reads is not shown', async () => {
  const { bridge, metrics } = testBridge(declared, patient);
  const source = slowSource();
  const detach = metrics.rows.observe(source.read);
  await scrape(bridge);
  detach();
  await source.end();
  assert.equal((await scrape(bridge)).rows, undefined);
});

test('instruments that no contract names: the reading that comes late is shown, and a failure is said', async () => {
  const { bridge, log } = testBridge(contract('other', {}), patient);
  const source = slowSource();
  const gauge = bridge.meterProvider.getMeter('library').createObservableGauge('slow.rows');
  let fails = false;
  gauge.addCallback(async (result) => {
    await source.read({ set: (value) => result.observe(value) }, new AbortController().signal);
    if (fails) throw new Error('no database');
  });
  const page = async () => /^slow_rows\{[^}]*\} (.*)$/m.exec((await scrape(bridge)).text)?.[1];
  await page();
  await source.end();
  assert.equal(await page(), '1');
  fails = true;
  await source.end();
  await page();
  assert.match(log.join('\n'), /no database/);
  await source.end();
});

for (const thread of [false, true]) {
  test(`onLate: 'fail' answers 504 while a callback is late${thread ? ', in a thread too' : ''}`, async (t) => {
    const { bridge, metrics } = testBridge(declared, { callbackTimeoutMs: 3_600_000, scrape: { onLate: 'fail' } });
    const source = slowSource();
    let slow = false;
    metrics.rows.observe(async (o, signal) => (slow ? source.read(o, signal) : o.set(7)));
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    t.after(() => bridge.close());
    const get = async () => {
      const answer = await fetch(url, { headers: { accept: 'text/plain', 'x-prometheus-scrape-timeout-seconds': '0.6' } });
      return [answer.status, /^slow_rows (.*)$/m.exec(await answer.text())?.[1]];
    };
    await until('answered', async () => (await get())[0] === 200);
    slow = true;
    assert.deepEqual(await get(), [504, undefined]);
    await source.end();
    slow = false;
    await until('fresh', async () => (await get())[1] === '7');
  });
}

test('a callback that hangs for longer than it may: late at once, which onLate decides on, too', async () => {
  const { bridge, metrics } = testBridge(declared, { callbackTimeoutMs: 1, scrape: { onLate: 'fail' } });
  metrics.rows.observe(() => new Promise<never>(() => {}));
  for (const _ of [1, 2, 3]) assert.equal((await scrape(bridge, 'long')).status, 504);
});

test('onLate: a wrong value, and one beside processes, which have a time of their own', () => {
  const problems = (options: object) => {
    try {
      meterbridge(declared, { isolated: true, env: {}, log: () => {}, ...options });
    } catch (error) {
      assert.ok(error instanceof MeterbridgeError);
      return error.message;
    }
    return undefined;
  };
  assert.match(problems({ scrape: { onLate: '504' } }) ?? '', /^options\.scrape\.onLate: got "504"; .*'last' or 'fail'/);
  if (process.platform !== 'win32')
    assert.match(
      problems({ scrape: { onLate: 'fail' }, processes: 'all' }) ?? '',
      /^options\.scrape\.onLate: got "fail"; .*processes/,
    );
});
