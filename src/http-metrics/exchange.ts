/** One request and its answer, as the names see it. */

/** Methods of RFC 9110, PATCH (RFC 5789) and QUERY, as the semantic conventions know them. */
const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'] as const;
export const methods = [...knownMethods, '_OTHER'] as const;
export type Method = (typeof methods)[number];
export type Scheme = 'http' | 'https';
export type OwnValues = Readonly<Record<string, string | number | boolean>>;

const known: ReadonlySet<string> = new Set(knownMethods);

export function methodOf(method: string | undefined): Method {
  return known.has(method ?? '') ? (method as Method) : '_OTHER';
}

export interface Ended {
  readonly method: Method;
  readonly scheme: Scheme;
  /** `1.1`, `2`. */
  readonly version: string;
  /** The template; undefined: no route matched, or none is known. */
  readonly route: string | undefined;
  /** 0: the connection closed before the head of the answer left. */
  readonly status: number;
  /** The connection closed before the whole answer left. */
  readonly aborted: boolean;
  readonly seconds: number;
  /** In bytes; undefined: unknown. */
  readonly requestSize: number | undefined;
  readonly responseSize: number | undefined;
  /** Values of the user's own labels. */
  readonly own: OwnValues | undefined;
}

/** Records under one set of names. */
export interface Recording {
  began(method: Method, scheme: Scheme): void;
  ended(exchange: Ended, method: Method, scheme: Scheme): void;
}
