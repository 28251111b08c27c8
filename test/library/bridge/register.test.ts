import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { contract, counter, MeterbridgeError, meterbridge, oneOf } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrapedOf } from '../recording/scraped.ts';

const env = {};
/** Elsewhere a later contract replaces an earlier one: see `reload.test.ts`. */
const production = { NODE_ENV: 'production' };
/** Takes every push. */
const receiver = createServer((request, response) => request.resume().on('end', () => response.end('{}')));
let endpoint = '';
before(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
after(() => {
  receiver.closeAllConnections();
  receiver.close();
});

function runs(name: string, help = 'Runs.') {
  return contract(name, { runs: counter({ help, labels: { status: oneOf('ok', 'bad') } }) });
}

function conflict(...parts: readonly string[]) {
  return (error: unknown) =>
    error instanceof MeterbridgeError &&
    error.code === 'CONTRACT_CONFLICT' &&
    parts.every((part) => error.message.includes(part));
}

test('an equal contract again is the same bridge, until it is closed', async () => {
  const first = meterbridge(runs('again'), { env });
  const second = meterbridge(runs('again'), { env, log: () => {} });
  assert.equal(second, first);
  await first.close();
  const third = meterbridge(runs('again', 'Other runs.'), { env });
  assert.notEqual(third, first);
  await third.close();
});

test('an unequal contract of the same name is a conflict that names the difference', async () => {
  const bridge = meterbridge(runs('unequal'), { env: production });
  assert.throws(
    () => meterbridge(runs('unequal', 'More runs.'), { env: production }),
    conflict('unequal.metrics.runs.help', '"Runs."', '"More runs."'),
  );
  await bridge.close();
});

const others = [
  ['selfMetrics', { selfMetrics: true }],
  ['callbackTimeoutMs', { callbackTimeoutMs: 7 }],
  ['scrape.maxBytes', { scrape: { maxBytes: 7 } }],
  ['push', { push: false }],
  ['push.endpoint', { push: { endpoint: 'http://user:secret@127.0.0.1:1' } }],
] as const;
for (const [path, options] of others) {
  test(`the same contract with other options is a conflict: ${path}`, async () => {
    const base = path === 'push.endpoint' ? { push: { endpoint } } : path === 'scrape.maxBytes' ? { scrape: {} } : {};
    const bridge = meterbridge(runs('options'), { env: production, ...base });
    const refused = conflict(`options.${path};`);
    assert.throws(
      () => meterbridge(runs('options'), { env: production, ...options }),
      (error) => refused(error) && !String(error).includes('secret'),
    );
    await bridge.close();
  });
}

test('the same options in another order, or spelled out, are the same', async () => {
  const scrape = { maxBytes: 5, deadlineMs: 6 };
  const bridge = meterbridge(runs('order'), { env, scrape, selfMetrics: false });
  assert.equal(
    meterbridge(runs('order'), { env: { OTHER: '1' }, isolated: false, scrape: { deadlineMs: 6, maxBytes: 5 } }),
    bridge,
  );
  await bridge.close();
});

test('a secret header is never told', async () => {
  const push = (value: string) => ({ endpoint, headers: { authorization: value } });
  const bridge = meterbridge(runs('secret'), { env, push: push('hunter2') });
  assert.equal(meterbridge(runs('secret'), { env, push: push('hunter3') }), bridge);
  await bridge.close();
});

test('an option outside its rule names all of them', () => {
  const options = {
    env,
    isolated: true,
    callbackTimeoutMs: 0,
    scrape: { maxBytes: -1, maxRenderings: Number.NaN, deadlineMs: 2 ** 31 },
  };
  assert.throws(
    () => meterbridge(runs('rules'), options),
    (error) =>
      error instanceof MeterbridgeError &&
      error.code === 'OPTION_INVALID' &&
      error.problems.map(({ at }) => at).join() ===
        'options.callbackTimeoutMs,options.scrape.maxBytes,options.scrape.maxRenderings,options.scrape.deadlineMs',
  );
});

test('a failed start leaves nothing behind', async () => {
  assert.throws(() => meterbridge(runs('failed'), { env, push: { endpoint: 'nonsense' } }));
  const bridge = meterbridge(runs('failed'), { env });
  await bridge.close();
});

test('several contracts on one bridge: a library inside a program', async () => {
  const { bridge, metrics } = testBridge(runs('program'));
  const library = bridge.register(runs('library'));
  assert.equal(bridge.register(runs('library')), library);
  assert.equal(bridge.register(runs('program')), metrics);
  assert.throws(() => bridge.register(runs('library', 'Others.')), conflict('library.metrics.runs.help'));
  metrics.runs.add(1, { status: 'ok' });
  library.runs.add(2, { status: 'bad' });
  assert.deepEqual(await scrapedOf(bridge, ''), {
    'program_runs_total{status="ok"}': 1,
    'program_runs_total{status="bad"}': 0,
    'library_runs_total{status="ok"}': 0,
    'library_runs_total{status="bad"}': 2,
  });
});

test('isolated bridges share nothing', async () => {
  const [one, two] = [testBridge(runs('alone')), testBridge(runs('alone'))];
  one.metrics.runs.add(1, { status: 'ok' });
  assert.equal(await two.value('runs', { status: 'ok' }), 0);
});
