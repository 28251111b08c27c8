/**
 * Which proxy a request goes through: `proxy_url`, else `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` as Go's programs read them
 * (golang.org/x/net/http/httpproxy).
 */
import { BlockList, isIP } from 'node:net';
import { MeterbridgeError } from '../../../core/errors/error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Undefined: none for this URL.
 * @throws COLLECTOR_CONFIG_INVALID where the variable that counts names no HTTP proxy: around one, nothing is sent
 */
export type ProxyOf = (url: URL) => URL | undefined;

interface Variable {
  readonly at: string;
  readonly value: string;
}

/** A rule of `NO_PROXY`. */
type Rule = (host: string, port: string) => boolean;

export function createProxyOf(proxyUrl: string | undefined, env: Environment): ProxyOf {
  if (proxyUrl !== undefined) {
    const only = new URL(proxyUrl);
    return () => only;
  }
  const exempt = rulesOf(variable('NO_PROXY', env)?.value ?? '');
  return (url) => {
    const secure = url.protocol === 'https:';
    const found = variable(secure ? 'HTTPS_PROXY' : 'HTTP_PROXY', env);
    if (found === undefined) return undefined;
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const port = url.port === '' ? (secure ? '443' : '80') : url.port;
    return isLoopback(host) || exempt.some((rule) => rule(host, port)) ? undefined : proxyIn(found);
  };
}

/** In capitals first; an empty one is none. */
function variable(name: string, env: Environment): Variable | undefined {
  for (const at of [name, name.toLowerCase()]) {
    const value = env[at];
    if (value !== undefined && value !== '') return { at, value };
  }
  return undefined;
}

function proxyIn({ at, value }: Variable): URL {
  // `localhost:3128` is a URL of the scheme "localhost", so a scheme counts with its slashes only.
  const text = /^[a-z][\da-z+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  const fix = `write http://proxy.example:3128, unset it, or name the receiver in NO_PROXY`;
  // It may hold a password.
  throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', [
    { at, got: '[redacted]', rule: 'it is the URL of an HTTP proxy', fix },
  ]);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && contains(loopback, host));
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function rulesOf(list: string): readonly Rule[] {
  const entries = list.split(',').map((entry) => entry.trim().toLowerCase());
  if (entries.includes('*')) return [() => true];
  return entries.flatMap((entry) => ruleOf(entry) ?? []);
}

/** An empty entry is left out, as in Go. */
function ruleOf(entry: string): Rule | undefined {
  const subnet = /^([\d.]+|[\da-f:.]+)\/(\d{1,3})$/.exec(entry);
  if (subnet !== null) return addresses(entry, (list, family) => list.addSubnet(subnet[1] as string, Number(subnet[2]), family));
  const { host, port } = hostAndPort(entry);
  if (host === '') return undefined;
  if (isIP(host) !== 0) {
    const same = addresses(host, (list, family) => list.addAddress(host, family));
    return same && ((other, at) => same(other, at) && (port === '' || port === at));
  }
  const bare = host.startsWith('*.') ? host.slice(1) : host;
  // A domain with a dot in front means what is below it.
  const suffix = bare.startsWith('.') ? bare : `.${bare}`;
  return (other, at) => (other.endsWith(suffix) || other === bare) && (port === '' || port === at);
}

function addresses(entry: string, add: (list: BlockList, family: 'ipv4' | 'ipv6') => void): Rule | undefined {
  const list = new BlockList();
  try {
    add(list, entry.includes(':') ? 'ipv6' : 'ipv4');
  } catch {
    return undefined;
  }
  return (host) => isIP(host) !== 0 && contains(list, host);
}

/** `host`, `host:port`, `[::1]`, `[::1]:port` or `::1`. */
function hostAndPort(entry: string): { host: string; port: string } {
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(\d*))?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: bracketedPort ?? '' };
  const colon = entry.indexOf(':');
  if (colon === -1 || colon !== entry.lastIndexOf(':')) return { host: entry, port: '' };
  return { host: entry.slice(0, colon), port: entry.slice(colon + 1) };
}
