import assert from 'node:assert/strict';
import test from 'node:test';
import { createWorkerRefresh } from '../../src/pull/worker-refresh.ts';

function setup() {
  const asked: number[] = [];
  return { asked, refresh: createWorkerRefresh((id) => asked.push(id)) };
}
const never = new AbortController().signal;

test('a host that does not acknowledge holds nobody, and is asked once however often', async () => {
  const { asked, refresh } = setup();
  await refresh.refresh(never, 1_000);
  await Promise.all([refresh.refresh(never, 1_000), refresh.refresh(never, 1_000)]);
  assert.deepEqual([asked, refresh.ageMs()], [[1], undefined]);
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
  const failing = assert.rejects(refresh.refresh(never, 1_000), /the collection failed/);
  refresh.hear({ type: 'acknowledged', id: 1 });
  refresh.hear({ type: 'failed', id: 1 });
  await failing;
  void refresh.refresh(never, 1_000);
  assert.deepEqual(asked, [1, 2]);
});

test('the scrape’s signal ends waiting, with its reason', async () => {
  const { refresh } = setup();
  const abort = new AbortController();
  const waiting = refresh.refresh(abort.signal, 1_000);
  refresh.hear({ type: 'acknowledged', id: 1 });
  abort.abort(new Error('too late'));
  await assert.rejects(waiting, /too late/);
});
