import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import type { Call } from '../../../src/net/pull/in-flight.ts';
import type { LastValues } from '../../../src/net/pull/scrape.ts';
import { createWorkerRefresh } from '../../../src/net/pull/worker-refresh.ts';

function setup() {
  const asked: number[] = [];
  const { refresh, ...rest } = createWorkerRefresh((id) => asked.push(id));
  return { asked, refresh: { ...rest, refresh: (call: Call, budgetMs: number) => refresh(call, budgetMs, ignored) } };
}
const ignored: LastValues = { render() {}, drop() {} };
const never: Call = { throwIfAborted() {}, signal: new AbortController().signal };

test('a host that does not acknowledge holds nobody, and is asked once however often', async () => {
  const { asked, refresh } = setup();
  await refresh.refresh(never, 1_000);
  await Promise.all([refresh.refresh(never, 1_000), refresh.refresh(never, 1_000)]);
  assert.deepEqual([asked, refresh.ageMs()], [[1], undefined]);
});

/** A refresh on a clock that stands still, and what it does with the last values. */
function stopped(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  const did: string[] = [];
  const refresh = createWorkerRefresh(() => did.push('ask'), { clock: () => now });
  const last: LastValues = { render: () => did.push('render'), drop: () => did.push('drop') };
  return {
    did,
    refresh,
    async scrape() {
      await refresh.refresh(never, 1_000, last);
      did.push('served');
    },
    async pass(ms: number) {
      now += ms;
      t.mock.timers.tick(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('the last values are rendered while a silent host is waited for, and served after 50 ms', async (t) => {
  const { did, scrape, pass } = stopped(t);
  const serving = scrape();
  await pass(4);
  assert.deepEqual(did, ['ask']);
  await pass(1);
  assert.deepEqual(did, ['ask', 'render']);
  await pass(44);
  assert.deepEqual(did, ['ask', 'render']);
  await pass(1);
  assert.deepEqual(did, ['ask', 'render', 'served']);
  await serving;
});

test('a host that comes late, but in time, is waited for and the last values are dropped', async (t) => {
  const { did, refresh, scrape, pass } = stopped(t);
  const serving = scrape();
  await pass(20);
  refresh.hear({ type: 'acknowledged', id: 1 });
  await pass(100);
  assert.deepEqual(did, ['ask', 'render', 'drop']);
  refresh.hear({ type: 'refreshed', id: 1, now: 0 });
  await serving;
  assert.equal(refresh.ageMs(), 0);
});

test('a thread that was kept from running itself hears what the host has said meanwhile', async (t) => {
  const { port1: host, port2: thread } = new MessageChannel();
  t.after(() => host.close());
  const refresh = createWorkerRefresh(() => {}, { patienceMs: 10 });
  thread.on('message', (type: 'acknowledged' | 'failed') => refresh.hear({ type, id: 1 }));
  const last: LastValues = {
    ...ignored,
    render: () =>
      setImmediate(() => {
        for (const type of ['acknowledged', 'failed']) host.postMessage(type);
        const until = performance.now() + 30;
        while (performance.now() < until);
      }),
  };
  await assert.rejects(async () => refresh.refresh(never, 1_000, last), /the collection failed/);
});

test('patience is spent once: until the host acknowledges, the next scrapes are served at once', async (t) => {
  const { did, refresh, scrape, pass } = stopped(t);
  void scrape();
  await pass(5);
  await pass(45);
  const second = scrape();
  await pass(1);
  await pass(1);
  await second;
  assert.deepEqual(did, ['ask', 'render', 'served', 'render', 'served']);

  const third = scrape();
  refresh.hear({ type: 'acknowledged', id: 1 });
  await pass(1);
  await pass(1);
  assert.equal(did.filter((what) => what === 'served').length, 2, 'a host that has come back is waited for');
  refresh.hear({ type: 'refreshed', id: 1, now: 0 });
  await third;
});

test('an acknowledged question is waited for; then the age is 0, and grows while the host is silent', async () => {
  const { asked, refresh } = setup();
  const done = refresh.refresh(never, 1_000);
  refresh.hear({ type: 'acknowledged', id: 1 });
  setTimeout(() => refresh.hear({ type: 'refreshed', id: 1, now: 0 }), 100);
  await done;
  assert.equal(refresh.ageMs(), 0);
  await refresh.refresh(never, 1_000);
  assert.deepEqual(asked, [1, 2]);
  assert.ok((refresh.ageMs() as number) > 0);
});

test('what the host failed at rejects, and the next scrape asks anew', async () => {
  const { asked, refresh } = setup();
  const failing = assert.rejects(async () => refresh.refresh(never, 1_000), /the collection failed/);
  refresh.hear({ type: 'acknowledged', id: 1 });
  refresh.hear({ type: 'failed', id: 1 });
  await failing;
  void refresh.refresh(never, 1_000);
  assert.deepEqual(asked, [1, 2]);
});

test('the scrape’s signal ends waiting, with its reason', async () => {
  const { refresh } = setup();
  const abort = new AbortController();
  const waiting = refresh.refresh({ ...never, signal: abort.signal }, 1_000);
  refresh.hear({ type: 'acknowledged', id: 1 });
  abort.abort(new Error('too late'));
  await assert.rejects(async () => waiting, /too late/);
});

test('a host without callbacks is not asked, and one that has got some is', async () => {
  const asked: number[] = [];
  let isNeeded = false;
  const { refresh, hear, ageMs } = createWorkerRefresh((id) => asked.push(id), { isNeeded: () => isNeeded });
  assert.equal(refresh(never, 1_000, ignored), undefined);
  assert.deepEqual([asked, ageMs()], [[], undefined]);
  isNeeded = true;
  const refreshed = refresh(never, 1_000, ignored);
  assert.deepEqual(asked, [1]);
  hear({ type: 'refreshed', id: 1, now: 0 });
  await refreshed;
});
