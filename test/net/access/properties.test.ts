/** Addresses, ranges and proxies against a second way of reckoning: whole numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cidr, compileGate, compileProxies, trustedProxies } from '../../../src/access.ts';

const ipv4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
const ipv6 = fc.bigInt({ min: 2n ** 64n, max: 2n ** 128n - 1n });
const dotted = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
const groups = (value: bigint) =>
  Array.from({ length: 8 }, (_, index) => ((value >> (112n - 16n * BigInt(index))) & 0xffffn).toString(16)).join(':');
const spellings = (value: bigint) => [dotted(value), `::ffff:${dotted(value)}`, groups((0xffffn << 32n) | value)];

const inside = (range: string, peer: string): boolean => {
  const address = compileProxies(undefined)({ peer, header: () => undefined });
  return compileGate(cidr([range]))({ address, authorization: undefined }).allowed;
};

for (const [name, bits, values, write] of [
  ['IPv4', 32, ipv4, dotted],
  ['IPv6', 128, ipv6, groups],
] as const) {
  test(`${name}: in a range are those that share its first bits`, () =>
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 0, max: bits }),
        values,
        fc.integer({ min: 0, max: bits - 1 }),
        (net, prefix, other, flipped) => {
          const shift = BigInt(bits - prefix);
          const near = net ^ (1n << BigInt(flipped));
          for (const value of [net, other, near]) {
            assert.equal(
              inside(`${write(net)}/${prefix}`, write(value)),
              value >> shift === net >> shift,
              `${write(value)} in ${write(net)}/${prefix}`,
            );
          }
        },
      ),
    ));
}

test('an IPv4 address is the same in each of its spellings, in a range and asked for', () =>
  fc.assert(
    fc.property(ipv4, fc.integer({ min: 0, max: 32 }), ipv4, (net, prefix, value) => {
      const expected = value >> BigInt(32 - prefix) === net >> BigInt(32 - prefix);
      const [plain, ...mapped] = spellings(net);
      const ranges = [`${plain}/${prefix}`, ...mapped.map((text) => `${text}/${96 + prefix}`)];
      for (const range of ranges)
        for (const peer of spellings(value)) assert.equal(inside(range, peer), expected, `${peer} in ${range}`);
    }),
  ));

const trusted = fc.constantFrom(
  '10.0.0.1',
  '10.200.3.4',
  '::ffff:10.1.1.1',
  '2001:db8:1::9',
  '127.0.0.1',
  '[::1]:80',
  '10.0.0.9:1234',
);
const claim = fc.oneof(
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll(',', '')),
  fc.constantFrom('127.0.0.1', '10.0.0.1', '::1', '', '"'),
);
const clientOf = compileProxies(trustedProxies(['10.0.0.0/8', '2001:db8:1::/48'], 'proxies', { loopback: true, realIp: true }));
const asked = (forwarded: readonly string[], real = '127.0.0.1') =>
  clientOf({ peer: '127.0.0.1', header: (name) => (name === 'x-forwarded-for' ? forwarded.join(', ') : real) });

test('nothing that a client claims changes who it is to the first proxy that is trusted', () =>
  fc.assert(
    fc.property(
      fc.array(claim, { maxLength: 5 }),
      ipv4,
      fc.array(trusted, { maxLength: 4 }),
      claim,
      (claims, value, hops, real) => {
        const client = `203.0.113.${value & 255n}`;
        assert.equal(asked([...claims, client, ...hops], real), client);
        assert.equal(asked([...claims, 'unknown', ...hops], real), undefined);
      },
    ),
  ));

test('whatever is sent, the client is an address or nobody, and never throws', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }), (peer, forwarded) => {
      for (const address of [clientOf({ peer, header: () => forwarded }), asked([forwarded])]) {
        if (address !== undefined) assert.match(address, /^[0-9a-f:.]+$/);
      }
    }),
  ));
