/** Not how long it takes, which no test can say, but what is done: the same comparisons of the same lengths, whatever is sent. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { after, test } from 'node:test';
import { allOf, anyOf, apiKeys, bearer, cidr, compileGate, type Gate, loopback, secret } from '../../../src/access.ts';

const compared: number[] = [];
const original = crypto.timingSafeEqual;
crypto.timingSafeEqual = (a, b) => {
  compared.push(a.byteLength, b.byteLength);
  return original(a, b);
};
syncBuiltinESMExports();
after(() => {
  crypto.timingSafeEqual = original;
  syncBuiltinESMExports();
});

const digest = (key: string) => crypto.createHash('sha256').update(key).digest('hex');
const keys = apiKeys(['first', 'second', 'third'].map((key) => ({ sha256: digest(key), tenant: key })));
const token = bearer(secret('good-token'));

const gates: Readonly<Record<string, readonly [Gate, number]>> = {
  bearer: [token, 1],
  keys: [keys, 3],
  'any of': [anyOf(loopback(), token, keys), 4],
  'all of': [allOf(cidr(['10.0.0.0/8']), token, keys), 4],
  nested: [anyOf(allOf(loopback(), token), allOf(keys, anyOf(token, loopback()))), 5],
};
const authorizations = [
  undefined,
  '',
  'Bearer ',
  'Basic x',
  'Bearer good-token',
  'Bearer good-tokem',
  'Bearer x',
  'Bearer first',
  'Bearer third',
  'Bearer a b',
  `Bearer ${'x'.repeat(5_000)}`,
];

for (const [name, [gate, comparisons]] of Object.entries(gates)) {
  test(`${name}: ${comparisons} comparisons of 32 bytes, whoever asks with whatever`, () => {
    const decide = compileGate(gate);
    for (const authorization of authorizations) {
      for (const address of [undefined, '127.0.0.1', '10.0.0.1', '192.0.2.1']) {
        compared.length = 0;
        decide({ address, authorization });
        assert.deepEqual(compared, Array(2 * comparisons).fill(32), `${authorization} from ${address}`);
      }
    }
  });
}
