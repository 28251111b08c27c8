/**
 * What the tables are products of. Who asks, through whom, with what: values only; what follows from them is typed for each host.
 */
import { networkInterfaces } from 'node:os';

/** What a server listens on. On `::` clients of IPv4 are seen as IPv4-mapped addresses. */
export type Bind = '127.0.0.1' | '::';

export interface Client {
  readonly name: string;
  readonly bind: Bind;
  /** Where its connections come from. */
  readonly from: string;
}

const interfaces = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
const abroad = (family: 'IPv4' | 'IPv6') =>
  interfaces.find((one) => one.family === family && !one.internal && !one.address.startsWith('fe80'))?.address;

/** Addresses of this machine that are not loopback ones: the only peers beyond loopback that a test can be. */
export const [abroad4, abroad6] = [abroad('IPv4'), abroad('IPv6')];
const has6 = interfaces.some(({ address }) => address === '::1');

export const clients = {
  plain: { name: 'from 127.0.0.1', bind: '127.0.0.1', from: '127.0.0.1' },
  proxy: { name: 'from 127.0.0.2', bind: '127.0.0.1', from: '127.0.0.2' },
  inside: { name: 'from 127.0.0.3', bind: '127.0.0.1', from: '127.0.0.3' },
  ...(abroad4 !== undefined && { abroad4: { name: 'from another IPv4 address', bind: '127.0.0.1', from: abroad4 } }),
  ...(has6 && { mapped: { name: 'from 127.0.0.2, IPv4-mapped', bind: '::', from: '127.0.0.2' } }),
  ...(has6 && { six: { name: 'from ::1', bind: '::', from: '::1' } }),
  ...(abroad6 !== undefined && has6 && { abroad6: { name: 'from another IPv6 address', bind: '::', from: abroad6 } }),
} as const satisfies Readonly<Record<string, Client>>;

/** What this machine has no addresses for; a test says so aloud. */
export const lacking = [
  ...(abroad4 === undefined ? ['an IPv4 address beyond loopback'] : []),
  ...(has6 ? [] : ['::1']),
  ...(abroad6 === undefined ? ['an IPv6 address beyond loopback'] : []),
];

export interface Forwarded {
  /** `X-Forwarded-For`, one line each. */
  readonly lines?: readonly string[];
  readonly realIp?: string;
}

/**
 * In the tables 203.0.113.0/24 is the world, 10.0.0.0/8 are proxies where a host trusts some; 198.51.100.0/24, 2001:db8::/32 and
 * 10.1.1.1 are where a host that asks for addresses lets people in.
 */
export const forwarded = {
  nothing: {},
  'a stranger': { lines: ['203.0.113.9'] },
  'a stranger with a port': { lines: ['203.0.113.9:4711'] },
  'an IPv4-mapped stranger': { lines: ['::ffff:203.0.113.9'] },
  loopback: { lines: ['127.0.0.1'] },
  'loopback with a port': { lines: ['127.0.0.8:80'] },
  '::1': { lines: ['::1'] },
  '::1 with a port': { lines: ['[::1]:5000'] },
  'IPv4-mapped loopback': { lines: ['::ffff:127.0.0.1'] },
  'someone inside': { lines: ['198.51.100.4'] },
  'someone inside with a port': { lines: ['198.51.100.4:443'] },
  'someone inside, IPv4-mapped': { lines: ['::ffff:198.51.100.4'] },
  'someone inside, IPv6': { lines: ['2001:db8::9'] },
  'someone inside, IPv6 with a port': { lines: ['[2001:db8::9]:443'] },
  'spoofed loopback left of a stranger': { lines: ['127.0.0.1, 203.0.113.9'] },
  'spoofed loopback in a line ahead': { lines: ['127.0.0.1', '203.0.113.9'] },
  'someone inside, spoofed, left of a stranger': { lines: ['198.51.100.4,203.0.113.9'] },
  'a stranger left of someone inside': { lines: ['203.0.113.9, 198.51.100.4'] },
  'a stranger in a line ahead of someone inside': { lines: ['203.0.113.9', '198.51.100.4'] },
  'a stranger through a proxy': { lines: ['203.0.113.9, 10.9.8.7'] },
  'loopback through a proxy': { lines: ['127.0.0.1, 10.9.8.7'] },
  'someone inside through a proxy, in two lines': { lines: ['198.51.100.4', '10.9.8.7'] },
  'proxies only': { lines: ['10.1.1.1, 10.9.8.7'] },
  'loopback hops only': { lines: ['127.0.0.7, 127.0.0.1'] },
  garbage: { lines: ['unknown'] },
  'garbage right of loopback': { lines: ['127.0.0.1, x'] },
  'garbage right of someone inside': { lines: ['198.51.100.4, x'] },
  'an empty line': { lines: [''] },
  'X-Real-IP: a stranger': { realIp: '203.0.113.9' },
  'X-Real-IP: loopback': { realIp: '127.0.0.1' },
  'X-Real-IP: someone inside': { realIp: '198.51.100.4' },
  'X-Real-IP: garbage': { realIp: 'localhost' },
  'a stranger, and X-Real-IP: loopback': { lines: ['203.0.113.9'], realIp: '127.0.0.1' },
  'loopback, and X-Real-IP: a stranger': { lines: ['127.0.0.1'], realIp: '203.0.113.9' },
  'an empty line, and X-Real-IP: loopback': { lines: [''], realIp: '127.0.0.1' },
} as const satisfies Readonly<Record<string, Forwarded>>;

export type ForwardedName = keyof typeof forwarded;

/** The token or key wherever one is configured. */
export const TOKEN = 's3cret-t0ken';

/** The lines of `Authorization`. */
export const tokens = {
  none: [],
  right: [`Bearer ${TOKEN}`],
  'scheme in lower case': [`bearer ${TOKEN}`],
  'spaces around': [`  Bearer   ${TOKEN}  `],
  'wrong, same length': ['Bearer s3cret-t0keN'],
  'wrong, longer': [`Bearer ${TOKEN}x`],
  'wrong, shorter': ['Bearer s3cret-t0ke'],
  empty: ['Bearer '],
  'an empty line': [''],
  'another scheme': [`Basic ${TOKEN}`],
  'no scheme': [TOKEN],
  'two in a line': [`Bearer ${TOKEN} ${TOKEN}`],
  'two lines': [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`],
  'two lines, the second wrong': [`Bearer ${TOKEN}`, 'Bearer wrong'],
  'two lines, the first wrong': ['Bearer wrong', `Bearer ${TOKEN}`],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type TokenName = keyof typeof tokens;

/** PROPFIND is none of HTTP's own, and none that Fastify serves unasked; QUERY is the youngest (RFC 10008). */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'] as const;

/** Who asks for another protocol gets what everybody gets: a server may ignore it (RFC 9110, section 7.8). */
export const upgrading = ['GET', 'POST'] as const;

/** RFC 9110, section 11.6.2: one set of credentials, its scheme in any case; spaces around a field's value are no part of it. */
export const opens: Readonly<Record<TokenName, boolean>> = {
  none: false,
  right: true,
  'scheme in lower case': true,
  'spaces around': true,
  'wrong, same length': false,
  'wrong, longer': false,
  'wrong, shorter': false,
  empty: false,
  'an empty line': false,
  'another scheme': false,
  'no scheme': false,
  'two in a line': false,
  'two lines': false,
  'two lines, the second wrong': false,
  'two lines, the first wrong': false,
};
