/** What checking a password costs, and what is remembered of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBasicAuth } from '../../../src/net/web-config/basic-auth.ts';
import { type BcryptQueue, createBcryptQueue } from '../../../src/net/web-config/bcrypt-queue.ts';

const header = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const never = () => false;

function counting(matches: (password: string, hash: string) => boolean) {
  const checked: string[] = [];
  const queue: BcryptQueue = {
    check({ password, hash }) {
      checked.push(hash);
      return Promise.resolve(matches(password, hash));
    },
    close() {},
  };
  const auth = createBasicAuth(queue);
  const check = (users: Readonly<Record<string, string>>, user: string, password: string) =>
    auth.check(new Map(Object.entries(users)), header(user, password), '127.0.0.1', never);
  return { checked, check };
}

test('a right password is checked once, a wrong one each time', async () => {
  const { checked, check } = counting((password) => password === 'right');
  assert.equal(await check({ alice: 'h1' }, 'alice', 'right'), 'right');
  assert.equal(check({ alice: 'h1' }, 'alice', 'right'), 'right', 'at once, without a promise');
  assert.deepEqual(checked, ['h1']);
  for (let count = 0; count < 200; count++) assert.equal(await check({ alice: 'h1' }, 'alice', `wrong${count}`), 'wrong');
  assert.equal(checked.length, 201);
  assert.equal(check({ alice: 'h1' }, 'alice', 'right'), 'right', 'no number of wrong ones crowds it out');
});

test('what is remembered holds for one hash, and is gone with its user', async () => {
  const { checked, check } = counting(() => true);
  assert.equal(await check({ alice: 'h1' }, 'alice', 'right'), 'right');
  assert.equal(await check({ alice: 'h2' }, 'alice', 'right'), 'right');
  assert.deepEqual(checked, ['h1', 'h2']);
  assert.equal(await check({ bob: 'h1' }, 'alice', 'right'), 'wrong');
  assert.equal(await check({ alice: 'h2' }, 'alice', 'right'), 'right');
  assert.deepEqual(checked, ['h1', 'h2', 'h1', 'h2']);
});

test('an unknown name costs one check against the hash of somebody, always the same one, and is wrong whatever it finds', async () => {
  const { checked, check } = counting(() => true);
  const users = { alice: 'h1', bob: 'h2', carol: 'h3' };
  for (let index = 0; index < 3; index++) assert.equal(await check(users, 'mallory', 'right'), 'wrong');
  assert.equal(checked.length, 3);
  assert.equal(new Set(checked).size, 1);
  assert.ok(Object.values(users).includes(checked[0] ?? ''));
});

test('the thread checks hashes that others have made', async (t) => {
  const queue = createBcryptQueue();
  t.after(() => queue.close());
  // From the tests of the Exporter Toolkit, made with htpasswd.
  const hash = '$2y$10$2UXri9cIDdgeKjBo4Rlpx.U3ZLDV8X1IxKmsfOvhcM5oXQt/mLmXq';
  const checks = ['dave123', 'dave124', ''].map((password) => queue.check({ password, hash }, '127.0.0.1', never));
  assert.deepEqual(await Promise.all(checks), [true, false, false]);
});

test('who is gone is not checked, and what is no hash does not match', async (t) => {
  const queue = createBcryptQueue();
  t.after(() => queue.close());
  assert.equal(await queue.check({ password: 'x', hash: 'none' }, 'a', never), false);
  const hash = '$2y$10$2UXri9cIDdgeKjBo4Rlpx.U3ZLDV8X1IxKmsfOvhcM5oXQt/mLmXq';
  assert.equal(await queue.check({ password: 'dave123', hash }, 'a', () => true), false);
});

test('no more wait than are allowed, of one client and altogether, and closing leaves none of them', async () => {
  const queue = createBcryptQueue();
  const hash = '$2y$18$4VeFDzXIoPHKnKTU3O3GH.N.vZu06CVqczYZ8WvfzrddFU6tGqjR.';
  const of = (client: string) => queue.check({ password: 'x', hash }, client, never);
  const waiting = ['a', 'b', 'c', 'd'].flatMap((client) => [of(client), of(client), of(client), of(client)]);
  assert.ok(waiting.every((one) => one !== undefined));
  assert.equal(of('e'), undefined);
  queue.close();
  assert.deepEqual(await Promise.all(waiting), Array(16).fill(false));
  const again = createBcryptQueue();
  const mine = Array.from({ length: 5 }, () => again.check({ password: 'x', hash }, 'a', never));
  assert.deepEqual(
    mine.map((one) => one === undefined),
    [false, false, false, false, true],
  );
  again.close();
});
