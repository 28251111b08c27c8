/**
 * Cross-origin requests of web pages (Fetch, section 3.2), and headers of every response; both before credentials are checked,
 * because a preflight has none.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Infer, list, optional, secretPairs, section, text, wholeNumber } from '../../core/config/schema/index.ts';
import { rawHeader } from './raw-header.ts';

const headerName = text({ example: 'write Content-Type', check: nameRule });

export const cors = optional(
  section(
    {
      /** Each with at most one `*`, for any characters. Empty: pages of other origins have no access. */
      allowed_origins: list(text({ example: 'write https://*.example.com', check: originRule }), { default: [] }),
      /** Empty: Accept, Content-Type and X-Requested-With. */
      allowed_headers: list(headerName, { default: [] }),
      exposed_headers: list(headerName, { default: [] }),
      /** Seconds for which a browser may remember a preflight; 0: as long as the browser likes. */
      max_age: wholeNumber({ default: 0 }),
    },
    ({ allowed_origins: origins, allowed_headers: headers }, on) => {
      if (origins.length === 0 && headers.length > 0) on.warn('allowed_headers', 'without allowed_origins this has no effect');
    },
  ),
);

/** On every response. */
export const responseHeaders = secretPairs(
  (name, value) =>
    nameRule(name) ?? (/^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? undefined : 'a header is one line (RFC 9110, section 5.5)'),
);

export interface AnswerSettings {
  readonly cors?: Infer<typeof cors>;
  readonly response_headers?: Infer<typeof responseHeaders>;
}

/** Sets headers of the response. True: it was a preflight, and has its response. */
export type ApplyCors = (request: IncomingMessage, response: ServerResponse) => boolean;

const usualHeaders = ['accept', 'content-type', 'x-requested-with'];
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
const preflightVary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

/** Undefined: there is nothing to set. */
export function createApplyCors({ cors: given, response_headers: own = new Map() }: AnswerSettings): ApplyCors | undefined {
  const across = given === undefined || given.allowed_origins.length === 0 ? undefined : createAcross(given);
  if (across === undefined && own.size === 0) return undefined;
  return (request, response) => {
    for (const [name, value] of own) response.setHeader(name, value);
    return across?.(request, response) === true;
  };
}

function createAcross({
  allowed_origins,
  allowed_headers,
  exposed_headers,
  max_age,
}: NonNullable<Infer<typeof cors>>): ApplyCors {
  const isAllowed = originTest(allowed_origins);
  const all = allowed_origins.includes('*');
  const anyHeader = allowed_headers.includes('*');
  const headers = new Set(allowed_headers.length === 0 ? usualHeaders : allowed_headers.map((name) => name.toLowerCase()));
  const exposed = exposed_headers.join(', ');

  function allow(response: ServerResponse, origin: string): void {
    response.setHeader('Access-Control-Allow-Origin', all ? '*' : origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
  }

  function preflight({ rawHeaders: raw }: IncomingMessage, response: ServerResponse, method: string): void {
    const origin = rawHeader(raw, 'origin');
    const asked = rawHeader(raw, 'access-control-request-headers') ?? '';
    const names = asked.split(',').map((name) => name.trim());
    const may =
      (method === 'OPTIONS' || methods.has(method)) && (anyHeader || names.every((name) => name === '' || headers.has(name)));
    if (origin === undefined || !may || !isAllowed(origin)) return;
    allow(response, origin);
    response.setHeader('Access-Control-Allow-Methods', method);
    if (asked !== '') response.setHeader('Access-Control-Allow-Headers', asked);
    if (max_age > 0) response.setHeader('Access-Control-Max-Age', String(max_age));
  }

  return (request, response) => {
    const method = request.method === 'OPTIONS' ? rawHeader(request.rawHeaders, 'access-control-request-method') : undefined;
    if (method !== undefined && method !== '') {
      response.setHeader('Vary', preflightVary);
      preflight(request, response, method);
      response.writeHead(204).end();
      return true;
    }
    response.setHeader('Vary', 'Origin');
    const origin = rawHeader(request.rawHeaders, 'origin');
    if (origin === undefined || !isAllowed(origin)) return false;
    allow(response, origin);
    if (exposed !== '') response.setHeader('Access-Control-Expose-Headers', exposed);
    return false;
  };
}

/** Origins are lower-case on the wire; the Collector lowers those of its file, too. */
function originTest(allowed: readonly string[]): (origin: string) => boolean {
  const lower = allowed.map((one) => one.toLowerCase());
  const exact = new Set(lower);
  const parts = lower.filter((one) => one.includes('*')).map((one) => one.split('*') as [string, string]);
  return (given) => {
    const origin = given.toLowerCase();
    return (
      exact.has(origin) ||
      parts.some(([head, tail]) => origin.length >= head.length + tail.length && origin.startsWith(head) && origin.endsWith(tail))
    );
  };
}

function originRule(origin: string): string | undefined {
  return origin.split('*').length > 2 ? 'an origin has one * at most' : undefined;
}

function nameRule(name: string): string | undefined {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ? undefined : 'it is the name of a header';
}
