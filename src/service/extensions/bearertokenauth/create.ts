/** Tokens in a header (RFC 6750): of servers, and of clients. */
import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '../../../net/access/secret.ts';
import type { AuthRefusal, AuthRequest, Extension, ExtensionContext } from '../../component.ts';
import { credential } from '../../guard/credential.ts';
import { rawHeader } from '../../guard/raw-header.ts';
import { isSet } from '../../guard/tls-keys.ts';
import type { BearertokenauthSettings } from './config.ts';

export function createBearertokenauth(settings: BearertokenauthSettings, { id, log }: ExtensionContext): Extension {
  const { scheme } = settings;
  const header = settings.header.toLowerCase();
  const tokens = tokensOf(settings, `extensions.${id}.filename`);
  const digests = perChange(tokens, (all) => all.map((token) => sha256(Buffer.from(token))));
  let wasUnavailable = false;

  function check({ rawHeaders }: AuthRequest): AuthRefusal | undefined {
    const expected = attempt(digests);
    // An empty file lets no one pass either.
    const isUnavailable = expected === undefined || expected.length === 0;
    if (isUnavailable !== wasUnavailable)
      log[isUnavailable ? 'error' : 'info'](
        isUnavailable ? 'no request passes: there is no token to compare with' : 'there are tokens again',
      );
    wasUnavailable = isUnavailable;
    if (isUnavailable) return 'unavailable';
    const given = tokenIn(rawHeader(rawHeaders, header), scheme);
    if (given === undefined) return 'missing';
    const digest = sha256(Buffer.from(given, 'latin1'));
    let right = false;
    for (const one of expected) right = timingSafeEqual(one, digest) || right;
    return right ? undefined : 'wrong';
  }

  return Object.freeze({
    async start() {
      tokens();
    },
    async shutdown() {},
    serverAuth: { challenge: scheme === '' ? 'Bearer' : scheme, check },
    clientAuth: {
      headers() {
        const [first = ''] = tokens();
        return { [header]: scheme === '' ? first : `${scheme} ${first}` };
      },
    },
  });
}

/** Lines of a file that are empty are no tokens: a request without one would pass. */
function tokensOf({ token, tokens, filename }: BearertokenauthSettings, at: string): () => readonly string[] {
  if (isSet(filename))
    return perChange(credential(undefined, filename, at), (text) =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    );
  const all = isSet(token) ? [token] : tokens;
  return () => all;
}

/** Works a value out again when that which it comes from is another. */
function perChange<From, To>(read: () => From, work: (from: From) => To): () => To {
  let last: { readonly from: From; readonly to: To } | undefined;
  return () => {
    const from = read();
    if (last?.from !== from) last = { from, to: work(from) };
    return last.to;
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** RFC 9110, section 11.1: a scheme is the same in any case. Undefined: no header, or another scheme. */
function tokenIn(value: string | undefined, scheme: string): string | undefined {
  if (value === undefined || scheme === '') return value;
  const named = value.slice(0, scheme.length).toLowerCase() === scheme.toLowerCase() && value[scheme.length] === ' ';
  return named ? value.slice(scheme.length).trimStart() : undefined;
}
