import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { createConnection } from '../../../../src/library/push/sdk/connection.ts';
import { startCapture, until } from '../capture.ts';

test('an attempt after the end fails without reaching the network', async (t) => {
  const receiver = await startCapture();
  t.after(() => receiver.close());
  const connection = await createConnection('http:', {});
  connection.close();
  const attempt = request(receiver.url, { method: 'POST', agent: connection.agent });
  attempt.end('{}');
  await assert.rejects(once(attempt, 'response'), /push is closed/);
  assert.equal(receiver.pushes.length, 0);
});

test('attempts under way are cut off, and the last one is known', async (t) => {
  const receiver = await startCapture(0);
  receiver.answer(undefined);
  t.after(() => receiver.close());
  const connection = await createConnection('http:', {});
  t.after(() => connection.close());
  const attempt = request(receiver.url, { method: 'POST', agent: connection.agent });
  const answered = once(attempt, 'response');
  answered.catch(() => {});
  attempt.end('{}');
  await until(() => receiver.pushes.length === 1);
  connection.abort();
  await assert.rejects(answered, /cut off/);
  assert.deepEqual(connection.last(), { error: 'push was cut off' });
  connection.forget();
  assert.equal(connection.last(), undefined);
});
