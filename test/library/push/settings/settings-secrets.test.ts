import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { PushOptions } from '../../../../src/library/push/settings/settings.ts';
import { type Env, problemsOf, resolve } from '../resolving.ts';

const base = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const on = { [base]: 'http://c:1' };

test('no secret is in a message, nor in printed settings', () => {
  const secret = 'hunter2';
  const env = { [base]: `http://user:${secret}@c:1`, OTEL_EXPORTER_OTLP_HEADERS: `k=${secret},content-type=${secret}` };
  const { settings, lines } = resolve({ headers: { authorization: secret } }, env);
  const bad = { ...env, [base]: `c:${secret}@x` };
  const problems = problemsOf({ headers: { authorization: `${secret}\n` } }, bad);
  assert.equal(problems.length, 2);
  for (const shown of [inspect(settings, { depth: 9 }), JSON.stringify(settings), ...lines, ...problems]) {
    assert.ok(!shown.includes(secret), shown);
  }
});

// What may stand where a URL, a header or a path belongs, and is printed by whoever shows what he was given.
const misplaced: [string, PushOptions | undefined, Env][] = [
  ['a token with its user', { endpoint: 'token:hunter2' }, {}],
  ['a token alone', { endpoint: 'hunter2' }, {}],
  ['a token of digits for a password', { endpoint: 'hunter2:12345' }, {}],
  ['a token of three parts', { endpoint: 'abc.hunter2.ghi' }, {}],
  ['another scheme', { endpoint: 'grpc://hunter2' }, {}],
  ['a header with its name', { headers: { 'authorization: Bearer hunter2': '' } }, {}],
  [
    'a header with its name, from the environment',
    undefined,
    { ...on, OTEL_EXPORTER_OTLP_HEADERS: 'authorization: Bearer hunter2==' },
  ],
  ['a token from the environment', undefined, { [base]: 'token:hunter2' }],
  ['a key in place of its file', {}, { OTEL_EXPORTER_OTLP_CLIENT_KEY: '-----BEGIN PRIVATE KEY----- hunter2' }],
  ['a percent sign', { endpoint: 'http://hunter2:hunter2%@c:1' }, {}],
];
for (const [name, options, env] of misplaced) {
  test(`a secret in the wrong place is not shown: ${name}`, () => {
    const problems = problemsOf(options, env);
    const told = problems.length > 0 ? problems : resolve(options, env).lines;
    assert.ok(told.length > 0);
    assert.ok(!told.join().includes('hunter2'), told.join());
  });
}
