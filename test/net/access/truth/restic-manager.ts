/** restic-manager: "neither → the route does not exist (404); one → that gate; both → both must pass". */
import { type Expected, golden, type Place, served, TEXT, unknown } from './answers.ts';
import { type ForwardedName, opens } from './axes.ts';
import type { Cell } from './cells.ts';

export const paths = ['/metrics', '/metrics/', '/metrics?name[]=x', '/METRICS', '/metricz', '/metrics%zz'];

const gates = ['token', 'range', 'token and range', 'range behind proxies', 'token and range behind proxies'] as const;
export const configs = {
  Fastify: ['neither', ...gates],
  'node:http': ['neither', ...gates],
  'the dedicated listener': gates,
  'the dedicated listener in a thread': gates,
} as const satisfies Record<Place, readonly string[]>;

/** Is the client whom a proxy names inside 198.51.100.0/24, 2001:db8::/32 or 10.1.1.1/32. */
const isInside: Readonly<Record<Exclude<ForwardedName, 'nothing'>, boolean>> = {
  'a stranger': false,
  'a stranger with a port': false,
  'an IPv4-mapped stranger': false,
  loopback: false,
  'loopback with a port': false,
  '::1': false,
  '::1 with a port': false,
  'IPv4-mapped loopback': false,
  'someone inside': true,
  'someone inside with a port': true,
  'someone inside, IPv4-mapped': true,
  'someone inside, IPv6': true,
  'someone inside, IPv6 with a port': true,
  // "right-most untrusted address wins"
  'spoofed loopback left of a stranger': false,
  'spoofed loopback in a line ahead': false,
  'someone inside, spoofed, left of a stranger': false,
  'a stranger left of someone inside': true,
  'a stranger in a line ahead of someone inside': true,
  'a stranger through a proxy': false,
  'loopback through a proxy': false,
  'someone inside through a proxy, in two lines': true,
  // "when every hop … is a trusted proxy, the left-most is the client": 10.1.1.1
  'proxies only': true,
  'loopback hops only': false,
  garbage: false,
  'garbage right of loopback': false,
  'garbage right of someone inside': false,
  'an empty line': false,
  // `X-Real-IP` is crewshipd's: here the client stays the proxy, which is not inside.
  'X-Real-IP: a stranger': false,
  'X-Real-IP: loopback': false,
  'X-Real-IP: someone inside': false,
  'X-Real-IP: garbage': false,
  'a stranger, and X-Real-IP: loopback': false,
  'loopback, and X-Real-IP: a stranger': false,
  'an empty line, and X-Real-IP: loopback': false,
};

const body = golden('restic-manager/golden/new.text.txt');

/** Ranges and proxies of every configuration that has some: 127.0.0.3 is inside, 127.0.0.2 is a proxy. */
function passesRange({ config, client, forwarded }: Cell): boolean {
  // "`X-Forwarded-For` only when the immediate peer is inside `RM_TRUSTED_PROXY`"
  const believed = config.endsWith('behind proxies') && client.from === '127.0.0.2';
  return believed && forwarded !== 'nothing' ? isInside[forwarded] : client.from === '127.0.0.3';
}

export function expected(cell: Cell, place: Place): Expected {
  const { config, path } = cell;
  if (config === 'neither' || (path !== '/metrics' && path !== '/metrics?name[]=x')) return unknown(cell, place);
  const withToken = config.startsWith('token');
  const withRange = config.includes('range');
  if ((!withToken || opens[cell.token]) && (!withRange || passesRange(cell))) return served(cell, TEXT, body);
  // "Refused: 401, empty body, `WWW-Authenticate: Bearer` when a token is configured"
  return { status: 401, headers: withToken ? { 'www-authenticate': 'Bearer' } : {}, body: '', refused: true };
}
