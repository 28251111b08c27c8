/**
 * IP addresses and ranges as access rules compare them: an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4
 * address it holds.
 */
import { BlockList, isIP, SocketAddress } from 'node:net';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
const mappedPrefix = 96;

/**
 * The canonical form of an address; undefined for an invalid one. A zone (`fe80::1%eth0`) is left out: it names an interface of
 * one machine only.
 */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family !== 6) return family === 4 ? text : undefined;
  const { address } = new SocketAddress({ address: text.replace(/%.*$/s, ''), family: 'ipv6' });
  return mapped.exec(address)?.[1] ?? address;
}

/** Whether a canonical address is in one of the ranges. */
export type InRanges = (address: string) => boolean;

/**
 * Compiles ranges in CIDR notation (RFC 4632, RFC 4291): `10.0.0.0/8`, `2001:db8::/32`. Bits behind the prefix are ignored. No
 * IPv6 range holds an IPv4 address, not even `::/0`, unless it is a mapped one such as `::ffff:10.0.0.0/104`.
 * @throws ACCESS_CONFIG_INVALID naming every entry that is not a range
 */
export function compileRanges(ranges: readonly string[], at: string): InRanges {
  // Two lists, because a single one would match IPv4 addresses against the IPv6 ranges too.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  const problems: Problem[] = [];
  if (!Array.isArray(ranges))
    problems.push({ at, got: shown(ranges), rule: 'it is a list of ranges', fix: `write ["${example}"]` });
  else {
    for (const text of ranges as readonly unknown[]) {
      const read = readRange(text, at);
      if ('rule' in read) problems.push(read);
      else lists[read.family].addSubnet(read.address, read.prefix, read.family);
    }
  }
  if (problems.length > 0) throw new MeterbridgeError('ACCESS_CONFIG_INVALID', problems);
  return (address) => {
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    return lists[family].check(address, family);
  };
}

interface Range {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefix: number;
}

const example = '10.0.0.0/8';

function readRange(text: unknown, at: string): Range | Problem {
  const [, host = '', prefixText] = typeof text === 'string' ? (/^([^/%]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []) : [];
  const family = isIP(host);
  const address = canonicalAddress(host);
  const rule = 'a range is an address and the length of its prefix, ADDRESS/BITS';
  if (address === undefined) return { at, got: shown(text), rule, fix: `correct it, as in ${example} or 2001:db8::/32` };
  const bits = family === 4 ? 32 : 128;
  if (prefixText === undefined) return { at, got: shown(text), rule, fix: `write ${host}/${bits} if this one address is meant` };
  const prefix = Number(prefixText);
  if (prefix > bits) {
    return { at, got: shown(text), rule: `a prefix has at most ${bits} bits here`, fix: `use /${bits} for one address` };
  }
  if (family === 6 && isIP(address) === 4) {
    return prefix < mappedPrefix
      ? { family: 'ipv6', address: host, prefix }
      : { family: 'ipv4', address, prefix: prefix - mappedPrefix };
  }
  return { family: family === 4 ? 'ipv4' : 'ipv6', address, prefix };
}

/** 127.0.0.0/8 and ::1 (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). */
export const isLoopback: InRanges = compileRanges(['127.0.0.0/8', '::1/128'], 'loopback');
