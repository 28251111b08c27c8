import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openFleetStore } from '../../../examples/restic-manager/fleet-store.ts';
import { folderWith } from '../example.ts';

const web = { name: 'web', folder: '/srv/web', repo: undefined };

function open(t: TestContext, folder = folderWith(t, 'nothing', '').folder, now = 1_469_918_176_385) {
  const store = openFleetStore(folder, [web], () => now);
  t.after(() => store.close());
  return { folder, store };
}

test('the configured hosts are enrolled at the first start only', (t) => {
  const { folder, store } = open(t);
  const [host] = store.hosts();
  assert.ok(store.rename(host?.id as string, 'www'));
  assert.deepEqual(
    open(t, folder)
      .store.hosts()
      .map(({ id, name, enrolled }) => ({ id, name, enrolled })),
    [{ id: host?.id, name: 'www', enrolled: 1 }],
  );
});

test('an id is a ULID: ten digits of time, then chance', (t) => {
  const { store } = open(t);
  const [one, other] = [store.announce(web), store.announce(web)];
  // The time and its digits are those of the ULID specification's own example.
  for (const id of [one, other]) assert.match(id, /^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/);
  assert.notEqual(one, other);
});

test('one alert a host and kind; they go with the host, and none is raised for a host that is gone', (t) => {
  const { store } = open(t);
  const id = store.hosts()[0]?.id as string;
  store.raise(id, 'backup', 'warning');
  store.raise(id, 'backup', 'warning');
  store.raise(id, 'check', 'critical');
  assert.deepEqual(store.alerts(), { warning: 1, critical: 1 });
  assert.equal(store.host(id)?.openAlerts, 2);
  store.resolve(id, 'backup');
  assert.deepEqual(store.alerts(), { critical: 1 });
  assert.ok(store.remove(id));
  store.raise(id, 'backup', 'warning');
  assert.deepEqual(store.alerts(), {});
  assert.equal(store.remove(id), false);
});
