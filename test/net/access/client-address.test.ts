import assert from 'node:assert/strict';
import test from 'node:test';
import { compileProxies, type Proxies } from '../../../src/access.ts';

interface Asked {
  readonly peer?: string;
  readonly forwarded?: string;
  readonly real?: string;
}

function clientOf(proxies: Proxies | undefined, { peer, forwarded, real }: Asked): string | undefined {
  const headers: Record<string, string | undefined> = { 'x-forwarded-for': forwarded, 'x-real-ip': real };
  return compileProxies(proxies)({ peer, header: (name) => headers[name] });
}

const one: Proxies = { trusted: ['10.0.0.0/8', '2001:db8:1::/48'] };
const crewshipd: Proxies = { trusted: ['10.0.0.0/8'], loopback: true, realIp: true };

const table: readonly (readonly [string, Proxies | undefined, Asked, string | undefined])[] = [
  ['the peer', undefined, { peer: '192.0.2.1' }, '192.0.2.1'],
  ['no peer', undefined, {}, undefined],
  ['no peer, whatever it claims', crewshipd, { forwarded: '127.0.0.1', real: '127.0.0.1' }, undefined],
  ['an IPv4 peer on a socket for both', undefined, { peer: '::ffff:192.0.2.1' }, '192.0.2.1'],
  ['a peer on the link', undefined, { peer: 'fe80::1%eth0' }, 'fe80::1'],
  [
    'nobody is trusted: headers are claims',
    undefined,
    { peer: '192.0.2.1', forwarded: '127.0.0.1', real: '127.0.0.1' },
    '192.0.2.1',
  ],
  ['a stranger’s headers are claims', one, { peer: '192.0.2.1', forwarded: '127.0.0.1' }, '192.0.2.1'],
  ['loopback is no proxy unless told', one, { peer: '127.0.0.1', forwarded: '192.0.2.9' }, '127.0.0.1'],
  ['loopback is a proxy where told', crewshipd, { peer: '::1', forwarded: '192.0.2.9' }, '192.0.2.9'],
  ['loopback, mapped', crewshipd, { peer: '::ffff:127.0.0.1', forwarded: '192.0.2.9' }, '192.0.2.9'],
  ['a trusted peer without headers', one, { peer: '10.0.0.1' }, '10.0.0.1'],
  ['the right-most stranger', one, { peer: '10.0.0.1', forwarded: '127.0.0.1, 192.0.2.1, 192.0.2.2' }, '192.0.2.2'],
  ['trusted hops are skipped', one, { peer: '10.0.0.1', forwarded: '1.1.1.1, 192.0.2.2, 10.9.9.9,2001:db8:1::5' }, '192.0.2.2'],
  ['every hop is trusted: the left-most', one, { peer: '10.0.0.1', forwarded: '10.0.0.3, 10.0.0.2' }, '10.0.0.3'],
  ['spoofed loopback in front of the client', crewshipd, { peer: '127.0.0.1', forwarded: '127.0.0.1, 192.0.2.2' }, '192.0.2.2'],
  ['a port', one, { peer: '10.0.0.1', forwarded: '192.0.2.2:567' }, '192.0.2.2'],
  ['brackets and a port', one, { peer: '10.0.0.1', forwarded: '[2001:db8::1]:80' }, '2001:db8::1'],
  ['brackets', one, { peer: '10.0.0.1', forwarded: '[2001:DB8:0::1]' }, '2001:db8::1'],
  ['mapped in hexadecimal', one, { peer: '10.0.0.1', forwarded: '::ffff:c000:202' }, '192.0.2.2'],
  ['tabs and blanks', one, { peer: '10.0.0.1', forwarded: '\t192.0.2.2  ,  10.0.0.4 ' }, '192.0.2.2'],
  ['X-Real-IP, where it counts', crewshipd, { peer: '127.0.0.1', real: '192.0.2.3' }, '192.0.2.3'],
  ['X-Real-IP with a port', crewshipd, { peer: '127.0.0.1', real: '192.0.2.3:99' }, '192.0.2.3'],
  ['X-Real-IP where it does not count', one, { peer: '10.0.0.1', real: '192.0.2.3' }, '10.0.0.1'],
  [
    'X-Forwarded-For goes before X-Real-IP',
    crewshipd,
    { peer: '127.0.0.1', forwarded: '192.0.2.2', real: '127.0.0.1' },
    '192.0.2.2',
  ],
  [
    'an unreadable X-Forwarded-For is not made good by X-Real-IP',
    crewshipd,
    { peer: '127.0.0.1', forwarded: '?', real: '::1' },
    undefined,
  ],
  ['two lines of X-Real-IP', crewshipd, { peer: '127.0.0.1', real: '127.0.0.1, 127.0.0.1' }, undefined],
  ['a zone in a header', crewshipd, { peer: '127.0.0.1', forwarded: '::1%lo' }, undefined],
  ['an empty X-Real-IP', crewshipd, { peer: '127.0.0.1', real: '' }, undefined],
];
for (const [name, proxies, asked, expected] of table) {
  test(name, () => assert.equal(clientOf(proxies, asked), expected));
}

for (const entry of [
  '',
  ' ',
  ',',
  'unknown',
  '_hidden',
  'localhost',
  '127.0.0.1 x',
  '127.1',
  '0x7f.0.0.1',
  '127.0.0.01',
  '127.0.0.1:x',
  '127.0.0.1:',
  '127.0.0.1:1234567',
  '[127.0.0.1]',
  '[127.0.0.1]:80',
  '[::1',
  '::1]',
  '[::1]80',
  '[::1]x',
  '[::1%lo]:80',
  '"127.0.0.1"',
  'for=127.0.0.1',
  '127.0.0.1/8',
  '1:2:3',
  '127.0.0.1\u0000',
]) {
  test(`what cannot be read is nobody: ${JSON.stringify(entry)}`, () => {
    assert.equal(clientOf(crewshipd, { peer: '127.0.0.1', forwarded: entry }), undefined);
    assert.equal(
      clientOf(crewshipd, { peer: '127.0.0.1', forwarded: `127.0.0.1, ${entry}` }),
      undefined,
      'nor who claims to stand behind',
    );
    assert.equal(
      clientOf(crewshipd, { peer: '127.0.0.1', forwarded: `${entry}, 10.0.0.1` }),
      undefined,
      'nor behind a trusted hop',
    );
    assert.equal(
      clientOf(crewshipd, { peer: '127.0.0.1', forwarded: `${entry}, 192.0.2.2` }),
      '192.0.2.2',
      'in front it is passed over',
    );
    assert.equal(clientOf(crewshipd, { peer: entry }), undefined, 'nor a peer');
  });
}
