/**
 * Redirections of a push: 307 and 308 are followed, as Go's client follows them (RFC 9110, section 15.4), with secrets for their
 * own origin only.
 */
import type { Limit } from './limit.ts';
import type { Posted, Poster } from './poster.ts';

/** Go follows 10. A receiver that moved has one, and a balancer in front of it another. */
export const maxRedirects = 5;

/** A POST stays one. 301, 302 and 303 may turn it into a GET, which carries no points. */
const followed: ReadonlySet<number> = new Set([307, 308]);

export interface Target {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Of `headers`, what another origin may see. */
  readonly plain: Readonly<Record<string, string>>;
}

export async function postFollowing(
  poster: Poster,
  { url, headers, plain }: Target,
  body: Uint8Array,
  limit: Limit,
): Promise<Posted> {
  let posted = await poster.post(url, headers, body, limit);
  let current = url;
  for (let redirects = 1; followed.has(posted.answer?.status ?? 0); redirects++) {
    const next = nextUrl(posted.location, current, url);
    if (next === undefined) return posted;
    if (redirects > maxRedirects)
      return { error: `the response is the redirection number ${redirects}, and ${maxRedirects} are followed` };
    current = next;
    posted = await poster.post(next, next.origin === url.origin ? headers : plain, body, limit);
  }
  return posted;
}

/** Undefined: there is none, or it is no URL of HTTP. */
function nextUrl(location: string | undefined, from: URL, home: URL): URL | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const next = new URL(location, from);
  if (next.protocol !== 'http:' && next.protocol !== 'https:') return undefined;
  // The credentials of the endpoint stay with it.
  if (next.origin === home.origin && next.username === '')
    Object.assign(next, { username: home.username, password: home.password });
  return next;
}
