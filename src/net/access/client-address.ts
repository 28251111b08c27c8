/**
 * The client's address: the peer, or the address that trusted proxies name. An unreadable address is unknown, never the proxy's.
 */
import { publicFunctions } from '../../core/errors/caller.ts';
import type { RequestFacts } from '../http/exchange.ts';
import { canonicalAddress, compileRanges, isLoopback } from './address.ts';

/** The proxies to trust. Plain data. */
export interface Proxies {
  /** Ranges in CIDR notation. */
  readonly trusted: readonly string[];
  /** Trusts loopback peers and hops as proxies too. Default: false. */
  readonly loopback?: boolean;
  /** Reads `X-Real-IP` where a trusted peer sends no `X-Forwarded-For`. Default: false. */
  readonly realIp?: boolean;
}

/** Returns a request's client: its canonical address, or undefined when it is unknown. */
export type ClientOf = (request: Pick<RequestFacts, 'header' | 'peer'>) => string | undefined;

/**
 * Checks the ranges of trusted proxies, and returns the value for `Access.proxies`. `at` is the user's name for them.
 * @throws ACCESS_CONFIG_INVALID naming every entry that is not a range
 */
export function trustedProxies(ranges: readonly string[], at = 'proxies', also: Omit<Proxies, 'trusted'> = {}): Proxies {
  compileRanges(ranges, at);
  return Object.freeze({ ...also, trusted: Object.freeze([...ranges]) });
}

/**
 * The client is the peer, unless the peer is a trusted proxy that names another. Then it is the right-most address of all
 * `X-Forwarded-For` lines that is not a trusted proxy's; if all are, the left-most. An unreadable or empty entry ends the search:
 * no trusted proxy vouches for what is left of it.
 */
export function compileProxies(proxies: Proxies | undefined): ClientOf {
  const inRanges = compileRanges(proxies?.trusted ?? [], 'proxies');
  const isTrusted = (address: string): boolean => inRanges(address) || (proxies?.loopback === true && isLoopback(address));
  return ({ header, peer }) => {
    const direct = peer === undefined ? undefined : canonicalAddress(peer);
    if (direct === undefined || !isTrusted(direct)) return direct;
    const forwarded = header('x-forwarded-for');
    if (forwarded !== undefined) return rightMostStranger(forwarded, isTrusted);
    const real = proxies?.realIp === true ? header('x-real-ip') : undefined;
    return real === undefined ? direct : readHop(real);
  };
}

function rightMostStranger(forwarded: string, isTrusted: (address: string) => boolean): string | undefined {
  const hops = forwarded.split(',');
  let client: string | undefined;
  for (let index = hops.length - 1; index >= 0; index--) {
    client = readHop(hops[index] ?? '');
    if (client === undefined || !isTrusted(client)) return client;
  }
  return client;
}

/** An address with or without a port: `192.0.2.1`, `192.0.2.1:567`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`. */
const hop = /^(?:\[([0-9a-f:.]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+)(?::\d{1,5})?|([0-9a-f:.]+))$/i;

/** A zone would name an interface of another machine, so an address with one is not read. */
function readHop(text: string): string | undefined {
  const [, bracketed, ipv4, bare] = hop.exec(text.trim()) ?? [];
  if (bracketed?.includes(':') === false) return undefined;
  return canonicalAddress(bracketed ?? ipv4 ?? bare ?? '');
}

publicFunctions(trustedProxies);
