/** A listen address as a host's configuration writes it, and whether it stays on this machine. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Problem } from '../../core/errors/error.ts';
import { canonicalAddress, isLoopback } from '../access/address.ts';
import { examplePort, notAddress } from './not-address.ts';

export interface ListenAddress {
  /** A name or an address, IPv6 without brackets; `''` for all interfaces (`:9478`). */
  readonly host: string;
  /** 0 to 65535; 0 = any free port. */
  readonly port: number;
}

export type ListenAddressResult =
  | { readonly ok: true; readonly address: ListenAddress }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Addresses of a name, as `dns.lookup` with `all` finds them. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const largestPort = 65_535;
/** A name, or an IPv4 address. */
export const hostName = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i;

/**
 * Reads `host:port`, `[::1]:port` or `:port`, as a configuration has it: what is no string is a problem, too. Reports all
 * problems under the user's name for the setting (`at`, e.g. `metrics_listen`). A fix shows `usualPort`, the host's. Default:
 * 9478.
 */
export function parseListenAddress(text: unknown, at: string, usualPort = examplePort): ListenAddressResult {
  if (typeof text !== 'string') return { ok: false, problems: [notAddress(text, at, usualPort)] };
  const got = JSON.stringify(text);
  const colon = text.lastIndexOf(':');
  if (colon < 0 || text.endsWith(']')) {
    const rule = 'a listen address is host:port, and this one has no port';
    return { ok: false, problems: [{ at, got, rule, fix: `add a port, as in "127.0.0.1:${usualPort}"` }] };
  }
  const problems: Problem[] = [];
  const host = parseHost(text.slice(0, colon));
  const port = parsePort(text.slice(colon + 1));
  if (host === undefined) {
    const rule = 'the host of a listen address is a name, an IPv4 address, or an IPv6 address in brackets';
    problems.push({ at, got, rule, fix: `write it as in "127.0.0.1:${usualPort}" or "[::1]:${usualPort}"` });
  }
  if (port === undefined) {
    const rule = `the port of a listen address is a whole number from 0 to ${largestPort}`;
    problems.push({ at, got, rule, fix: 'correct the port; 0 takes any free one' });
  }
  return host === undefined || port === undefined ? { ok: false, problems } : { ok: true, address: { host, port } };
}

function parseHost(text: string): string | undefined {
  if (text === '') return text;
  if (text.startsWith('[') && text.endsWith(']')) {
    const inner = text.slice(1, -1);
    return isIP(inner) === 6 ? inner : undefined;
  }
  return hostName.test(text) ? text : undefined;
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= largestPort ? port : undefined;
}

/** Whether an IP address is in 127.0.0.0/8 or is ::1. `::ffff:127.0.0.1` (IPv4-mapped) is in 127.0.0.0/8. */
/** Whether an address as a socket names it is this machine's. */
export function isLoopbackAddress(address: string): boolean {
  const canonical = address.includes('%') ? undefined : canonicalAddress(address);
  return canonical !== undefined && isLoopback(canonical);
}

/** Whether a host is this machine by definition: a loopback address or `localhost`. Other names depend on the resolver. */
export function isLoopbackHost(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host);
}

export interface BindTarget {
  /** The IP address to bind, never a name, so that nothing can resolve differently later. */
  readonly ip: string;
  readonly loopback: boolean;
}

/**
 * Resolves what to bind. `localhost` is 127.0.0.1, whatever a hosts file maps it to; another name is loopback only when all its
 * addresses are. Rejects as the resolver does.
 */
export async function bindTarget(address: ListenAddress, resolve: Resolve = lookupAll): Promise<BindTarget> {
  const { host } = address;
  if (host === '') return { ip: hasIPv6() ? '::' : '0.0.0.0', loopback: false };
  if (host.toLowerCase() === 'localhost') return { ip: '127.0.0.1', loopback: true };
  if (isIP(host) !== 0) return { ip: host, loopback: isLoopbackAddress(host) };
  const found = await resolve(host);
  const [ip] = found;
  if (ip === undefined) throw new Error(`${host} has no address`);
  return { ip, loopback: found.every(isLoopbackAddress) };
}

/** `::` takes IPv4 connections too, but cannot be bound where IPv6 is switched off. */
function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((interfaces) => interfaces?.some(({ family }) => family === 'IPv6'));
}

async function lookupAll(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map((entry) => entry.address);
}

/** `host:port` as in a URL. */
export function authorityOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
