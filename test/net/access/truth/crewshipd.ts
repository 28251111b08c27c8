/** crewshipd: "Loopback client (127.0.0.0/8, ::1) → allowed", others with the token; else it does not exist. */
import { type Expected, golden, type Place, served, TEXT, unknown } from './answers.ts';
import { type ForwardedName, opens } from './axes.ts';
import type { Cell } from './cells.ts';

export const paths = ['/metrics', '/metrics/', '/metrics?name[]=x', '/METRICS', '/metricz', '/metrics%zz'];

const all = ['no token', 'token', 'proxies', 'token and proxies'] as const;
export const configs = {
  Fastify: all,
  'node:http': all,
  'the dedicated listener': all,
  'the dedicated listener in a thread': all,
} as const satisfies Record<Place, readonly string[]>;

const nowhere = [false, false] as const;
const here = [true, true] as const;

/** Is the client that a trusted peer names on this machine: where loopback alone is trusted, and where 10.0.0.0/8 is too. */
const onThisMachine: Readonly<Record<Exclude<ForwardedName, 'nothing'>, readonly [boolean, boolean]>> = {
  'a stranger': nowhere,
  'a stranger with a port': nowhere,
  'an IPv4-mapped stranger': nowhere,
  loopback: here,
  'loopback with a port': here,
  '::1': here,
  '::1 with a port': here,
  'IPv4-mapped loopback': here,
  'someone inside': nowhere,
  'someone inside with a port': nowhere,
  'someone inside, IPv4-mapped': nowhere,
  'someone inside, IPv6': nowhere,
  'someone inside, IPv6 with a port': nowhere,
  // "read right to left, skipping trusted hops; the first untrusted address wins", "all its header lines"
  'spoofed loopback left of a stranger': nowhere,
  'spoofed loopback in a line ahead': nowhere,
  'someone inside, spoofed, left of a stranger': nowhere,
  'a stranger left of someone inside': nowhere,
  'a stranger in a line ahead of someone inside': nowhere,
  'a stranger through a proxy': nowhere,
  // 10.9.8.7 is the first untrusted address, or every hop is trusted: "the left-most is the client"
  'loopback through a proxy': [false, true],
  'someone inside through a proxy, in two lines': nowhere,
  'proxies only': nowhere,
  'loopback hops only': here,
  // "a trusted peer that sends a header in which no address can be read is *not* loopback"
  garbage: nowhere,
  'garbage right of loopback': nowhere,
  'garbage right of someone inside': nowhere,
  'an empty line': nowhere,
  // "else `X-Real-IP`"
  'X-Real-IP: a stranger': nowhere,
  'X-Real-IP: loopback': here,
  'X-Real-IP: someone inside': nowhere,
  'X-Real-IP: garbage': nowhere,
  // "`X-Real-IP` counts only without `X-Forwarded-For`"
  'a stranger, and X-Real-IP: loopback': nowhere,
  'loopback, and X-Real-IP: a stranger': here,
  'an empty line, and X-Real-IP: loopback': nowhere,
};

const body = golden('crewshipd/golden/busy.text.txt');

function isLoopbackClient({ config, client, forwarded }: Cell): boolean {
  const trusting = config.endsWith('proxies');
  const local = client.from === '::1' || client.from.startsWith('127.');
  // "the peer, unless the peer is a trusted proxy (loopback always, plus `CREWSHIP_TRUSTED_PROXY_CIDRS`)"
  if (forwarded === 'nothing' || (!local && !trusting)) return local;
  return onThisMachine[forwarded][trusting ? 1 : 0];
}

export function expected(cell: Cell, place: Place): Expected {
  if (cell.path !== '/metrics' && cell.path !== '/metrics?name[]=x') return unknown(cell, place);
  // "allowed, even with a wrong token. Otherwise `Authorization: Bearer <token>`"
  const allowed = isLoopbackClient(cell) || (cell.config.startsWith('token') && opens[cell.token]);
  // "404 for every method, byte-identical to an unknown path, no `Allow` header"
  if (!allowed) return { ...unknown(cell, place), refused: true };
  // "Authorised but not GET/HEAD: 405 with `Allow: GET, HEAD`"
  return served(cell, TEXT, body);
}
