import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import {
  allOf,
  anyOf,
  apiKeys,
  bearer,
  type Caller,
  cidr,
  compileGate,
  type Gate,
  loopback,
  open,
  secret,
} from '../../../src/access.ts';

/** Who asks → `open`, the tenant, or the reason of the refusal. */
function ask(gate: Gate, caller: Partial<Caller>): string {
  const decision = compileGate(gate)({ address: undefined, authorization: undefined, ...caller });
  return decision.allowed ? (decision.tenant ?? 'open') : decision.reason;
}

const token = bearer(secret('s3cret-Token'));

for (const [authorization, expected] of [
  ['Bearer s3cret-Token', 'open'],
  ['bearer s3cret-Token', 'open'],
  ['BEARER \t s3cret-Token \t', 'open'],
  [undefined, 'missing'],
  ['', 'missing'],
  ['Bearer', 'missing'],
  ['Bearer ', 'missing'],
  ['Bearer \t ', 'missing'],
  ['Bearers3cret-Token', 'missing'],
  ['Basic s3cret-Token', 'missing'],
  ['s3cret-Token', 'missing'],
  ['Bearer s3cret-token', 'wrong'],
  ['Bearer s3cret-Toke', 'wrong'],
  ['Bearer s3cret-Tokenn', 'wrong'],
  ['Bearer x', 'wrong'],
  [`Bearer ${'x'.repeat(10_000)}`, 'wrong'],
  ['Bearer "s3cret-Token"', 'wrong'],
  // Two lines, as they arrive.
  ['Bearer s3cret-Token, Bearer s3cret-Token', 'wrong'],
  ['Bearer s3cret-Token, ', 'wrong'],
  ['Basic x, Bearer s3cret-Token', 'missing'],
] as const) {
  test(`bearer: ${JSON.stringify(authorization)?.slice(0, 60)} is ${expected}`, () =>
    assert.equal(ask(token, { authorization }), expected));
}

test('bearer: a token beyond ASCII is compared as the bytes on the wire', () => {
  const onTheWire = Buffer.from('Bearer schlüssel', 'utf8').toString('latin1');
  assert.equal(ask(bearer(secret('schlüssel')), { authorization: onTheWire }), 'open');
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
// SHA-256 of "abc" as FIPS 180-2, appendix B.1, has it.
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const keys = apiKeys([
  { sha256: abc, tenant: 'first' },
  { sha256: sha256('other-key'), tenant: 'second' },
  { sha256: sha256('a, Bearer b'), tenant: 'odd' },
]);

for (const [authorization, expected] of [
  ['Bearer abc', 'first'],
  ['bearer  other-key ', 'second'],
  ['Bearer ABC', 'wrong'],
  [`Bearer ${abc}`, 'wrong'],
  ['Bearer a, Bearer b', 'wrong'],
  ['Bearer ', 'missing'],
  [undefined, 'missing'],
] as const) {
  test(`apiKeys: ${authorization} is ${expected}`, () => assert.equal(ask(keys, { authorization }), expected));
}

const ranges = cidr(['10.0.0.0/8', '192.0.2.7/32', '2001:db8::/33', '::ffff:172.16.0.0/108']);

for (const [address, expected] of [
  ['10.255.255.255', 'open'],
  ['11.0.0.0', 'address'],
  ['192.0.2.7', 'open'],
  ['192.0.2.8', 'address'],
  ['2001:db8:7fff::1', 'open'],
  ['2001:db8:8000::', 'address'],
  ['172.31.255.255', 'open'],
  ['172.32.0.0', 'address'],
  [undefined, 'address'],
] as const) {
  test(`cidr: ${address} is ${expected}`, () => assert.equal(ask(ranges, { address }), expected));
}

test('cidr: bits behind the prefix are passed over', () =>
  assert.equal(ask(cidr(['10.1.2.3/8']), { address: '10.9.9.9' }), 'open'));
test('cidr: ::/0 is every IPv6 address and no IPv4 one', () => {
  assert.equal(ask(cidr(['::/0']), { address: '2001:db8::1' }), 'open');
  assert.equal(ask(cidr(['::/0']), { address: '192.0.2.1' }), 'address');
  assert.equal(ask(cidr(['0.0.0.0/0']), { address: '192.0.2.1' }), 'open');
  assert.equal(ask(cidr(['0.0.0.0/0']), { address: '2001:db8::1' }), 'address');
});

for (const [address, expected] of [
  ['127.0.0.1', 'open'],
  ['127.255.255.255', 'open'],
  ['::1', 'open'],
  ['128.0.0.0', 'address'],
  ['0.0.0.0', 'address'],
  ['::', 'address'],
  ['::2', 'address'],
  [undefined, 'address'],
] as const) {
  test(`loopback: ${address} is ${expected}`, () => assert.equal(ask(loopback(), { address }), expected));
}

test('open lets everybody through', () => assert.equal(ask(open(), {}), 'open'));

const good = 'Bearer s3cret-Token';
const bad = 'Bearer wrong';
for (const [address, authorization, any, all] of [
  ['127.0.0.1', good, 'open', 'open'],
  ['127.0.0.1', bad, 'open', 'wrong'],
  ['127.0.0.1', undefined, 'open', 'missing'],
  ['192.0.2.1', good, 'open', 'address'],
  ['192.0.2.1', bad, 'wrong', 'wrong'],
  ['192.0.2.1', undefined, 'missing', 'missing'],
  [undefined, good, 'open', 'address'],
  [undefined, undefined, 'missing', 'missing'],
] as const) {
  test(`loopback and a token, ${address}, ${authorization}: any-of ${any}, all-of ${all}`, () => {
    assert.equal(ask(anyOf(loopback(), token), { address, authorization }), any);
    assert.equal(ask(allOf(loopback(), token), { address, authorization }), all);
  });
}

test('a tenant comes through any-of and all-of', () => {
  const caller = { address: '127.0.0.1', authorization: 'Bearer abc' };
  assert.equal(ask(anyOf(loopback(), keys), caller), 'first');
  assert.equal(ask(allOf(loopback(), allOf(open(), keys)), caller), 'first');
});

test('what was posted to another thread decides alike', () => {
  const gate = structuredClone(anyOf(allOf(loopback(), token), keys, ranges));
  assert.equal(ask(gate, { address: '127.0.0.1', authorization: good }), 'open');
  assert.equal(ask(gate, { authorization: 'Bearer abc' }), 'first');
  assert.equal(ask(gate, { address: '10.0.0.1' }), 'open');
  assert.equal(ask(gate, { address: '127.0.0.1' }), 'missing');
});

test('a gate cannot be changed once it is made', () => {
  const list = ['10.0.0.0/8'];
  const gate = cidr(list);
  list.push('0.0.0.0/0');
  assert.equal(ask(gate, { address: '192.0.2.1' }), 'address');
  assert.throws(() => Object.assign(gate, { ranges: list }), TypeError);
});
