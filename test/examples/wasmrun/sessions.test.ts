import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSessions, type Session } from '../../../examples/wasmrun/sessions.ts';
import { testClock } from '../../../src/testing.ts';

async function open(t: TestContext, maxSessions = Number.POSITIVE_INFINITY) {
  const clock = testClock();
  const sessions = await openSessions({ sessionTimeoutMs: 1_000, maxSessions, memoryCapPages: 16 }, clock);
  t.after(sessions.close);
  const create = async (tenant?: string) => (await sessions.create(tenant)) as Session;
  return { clock, sessions, create };
}

test('disk is what the files have now, of sessions that have not expired', async (t) => {
  const { clock, sessions, create } = await open(t);
  const [first, second] = [await create(), await create()];
  writeFileSync(join(first.folder, 'a'), 'x'.repeat(100));
  writeFileSync(join(first.folder, 'b'), 'x'.repeat(23));
  assert.deepEqual(await sessions.readings(), [
    { id: first.id, expired: false, diskBytes: 123, memoryCapPages: 16 },
    { id: second.id, expired: false, diskBytes: 0, memoryCapPages: 16 },
  ]);
  clock.advance(600);
  sessions.use(second.id, undefined);
  clock.advance(600);
  const readings = await sessions.readings();
  assert.deepEqual(
    readings.map(({ expired, diskBytes }) => [expired, diskBytes]),
    [
      [true, 0],
      [false, 0],
    ],
  );
});

test('an expired session is tracked until it is cleaned up, files and all', async (t) => {
  const { clock, sessions, create } = await open(t);
  const { id, folder } = await create();
  clock.advance(1_000);
  assert.notEqual(sessions.use(id, undefined), 'expired');
  clock.advance(1_001);
  assert.equal(sessions.use(id, undefined), 'expired');
  assert.equal((await sessions.readings()).length, 1);
  assert.equal(existsSync(folder), true);
  await sessions.cleanUp();
  assert.equal(sessions.use(id, undefined), undefined);
  assert.deepEqual(await sessions.readings(), []);
  assert.equal(existsSync(folder), false);
});

test("another tenant's session is none", async (t) => {
  const { sessions, create } = await open(t);
  const { id } = await create('a');
  assert.equal(sessions.use(id, 'b'), undefined);
  assert.equal(sessions.use(id, undefined), undefined);
  assert.equal((sessions.use(id, 'a') as Session).id, id);
});

test('no more than allowed; an expired one makes room', async (t) => {
  const { clock, sessions, create } = await open(t, 1);
  await create();
  assert.equal(await sessions.create(undefined), undefined);
  clock.advance(1_001);
  assert.ok(await sessions.create(undefined));
});

test('closing removes everything', async () => {
  const sessions = await openSessions({ sessionTimeoutMs: 1, maxSessions: 1, memoryCapPages: null }, testClock());
  const session = (await sessions.create(undefined)) as Session;
  writeFileSync(join(session.folder, 'a'), 'x');
  await sessions.close();
  assert.equal(existsSync(join(session.folder, '..')), false);
});
