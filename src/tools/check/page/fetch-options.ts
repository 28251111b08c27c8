/** How an endpoint is asked. The names are those of Prometheus' scrape configuration. */
import { mostPemBytes, readText } from '../../../core/node/read-text.ts';
import { sourceError } from './source-error.ts';

export interface FetchOptions {
  /** Sent to the endpoint, not to another origin that it redirects to. Later ones replace earlier ones of the same name. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** A file with a bearer token, read at each request. */
  readonly bearerFile?: string;
  /** PEM files. `caFile` replaces the system's authorities. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name that the certificate must have, in place of the URL's. */
  readonly serverName?: string;
  /** @default false */
  readonly insecureSkipVerify?: boolean;
  /** How long one request may wait for the endpoint in all, in milliseconds. @default 10000, as Prometheus' `scrape_timeout` */
  readonly timeoutMs?: number;
  /** How long the first request is repeated until the endpoint responds with 200, in milliseconds. @default 0 */
  readonly waitMs?: number;
  /** The most bytes of a page, decompressed. @default 536870912 */
  readonly maxBytes?: number;
}

export const defaultTimeoutMs = 10_000;
export const defaultMaxBytes = 512 * 1024 * 1024;
const mostTokenBytes = 65_536;

/** Files as they are now. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
}

/** @throws CHECK_SOURCE for a file that cannot be read; no message has a secret */
export function readCredentials(options: FetchOptions): Credentials {
  const headers: Record<string, string> = {};
  for (const [name, value] of options.headers ?? []) headers[name.toLowerCase()] = value;
  if (options.bearerFile !== undefined) headers.authorization = `Bearer ${token(options.bearerFile)}`;
  return {
    headers,
    tls: {
      ...(options.caFile !== undefined && { ca: pem(options.caFile) }),
      ...(options.certFile !== undefined && { cert: pem(options.certFile) }),
      ...(options.keyFile !== undefined && { key: pem(options.keyFile) }),
      ...(options.serverName !== undefined && { servername: options.serverName }),
      ...(options.insecureSkipVerify === true && { rejectUnauthorized: false }),
    },
  };
}

function token(path: string): string {
  const text = contents(path, mostTokenBytes).trim();
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw sourceError(path, 'no token', 'a bearer token is printable ASCII without spaces', 'write the token alone into the file');
}

function pem(path: string): string {
  return contents(path, mostPemBytes);
}

function contents(path: string, mostBytes: number): string {
  const read = readText(path, mostBytes);
  if (!read.ok) throw sourceError(path, read.got, read.rule, read.fix);
  return read.text;
}
