/**
 * Which hosts a server answers requests for. A web page whose name resolves to a server's address (DNS rebinding) could otherwise
 * use the server through its visitor's browser, for which the responses are the page's own.
 */
import { isIP } from 'node:net';
import { shown } from '../../core/errors/shown.ts';
import { targetHost } from '../http/target.ts';
import { hostName, isLoopbackHost } from './listen-address.ts';

/** The text of the response with 400 to a request whose host is not known. */
export const severalHosts = 'a request has one host: one Host header, or the target names it (RFC 9112, section 3.2)';

/**
 * The host that a request is for: `:authority`, that of a target in absolute form, whatever `Host` says (RFC 9112, section
 * 3.2.2), or else `Host`, which HTTP/1.0 may leave out. Null: more than one `Host` (section 3.2), or an absolute target without a
 * host.
 * @param raw names and values in turn, as `node:http` gives them
 */
export function hostOfRequest(raw: readonly string[], target: string): string | undefined | null {
  let authority = targetHost(target);
  let host: string | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    if (name === ':authority') authority = raw[at + 1];
    else if (name.length === 4 && name.toLowerCase() === 'host') {
      if (host !== undefined) return null;
      host = raw[at + 1];
    }
  }
  return authority === '' ? null : (authority ?? host);
}

/**
 * Takes what `hostOfRequest` finds. Undefined: the server serves the request; else the text of the response with 421 (RFC 9110,
 * section 15.5.20).
 */
export type HostCheck = (header: string | undefined) => string | undefined;

/** What a rejected request is counted as. */
export const otherHost = 'other_host';

const longestShown = 100;

/** Loopback names and addresses, and the name in the listen address. */
export function loopbackHosts(own: string): HostCheck {
  const name = bare(own);
  return check(
    (host) => host === name || isLoopbackName(host),
    () => 'this listener responds to loopback names only',
  );
}

/** Loopback names, all addresses, since they need no resolver, and these names. */
export function serviceHosts(own: readonly string[]): HostCheck {
  const names = new Set(own.map(bare));
  return check((host) => names.has(host) || isIP(host) !== 0 || isLoopbackName(host), unknownHost);
}

function unknownHost(host: string): string {
  const name = host.length <= longestShown && hostName.test(host) ? host : 'NAME';
  return `${shown(host, longestShown)} is no name of this server: it responds to localhost, to IP addresses and to the name in its endpoint. If clients are to use this one, start meterbridge serve with --allowed-host ${name}`;
}

function isLoopbackName(host: string): boolean {
  return isLoopbackHost(host) || host.endsWith('.localhost');
}

/** A client sends the same name each time. */
function check(isOwn: (host: string) => boolean, textOf: (host: string) => string): HostCheck {
  let last: string | undefined;
  let refusal: string | undefined;
  return (header) => {
    if (header === last) return refusal;
    const host = hostOf(header ?? '');
    last = header;
    // HTTP/1.0 may leave Host out, and no browser sends HTTP/1.0.
    refusal = host === '' || isOwn(host) ? undefined : textOf(host);
    return refusal;
  };
}

function hostOf(header: string): string {
  return bare(header.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1'));
}

/** In lower case, and without the dot at the end of a name that is complete. */
function bare(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
