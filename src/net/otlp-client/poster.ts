/** One attempt over HTTP/1.1, by any client: what is sent, and what is kept of the response. */
import type { Attempt } from './answers/failure.ts';
import type { Limit } from './limit.ts';

export interface Poster {
  /**
   * Never rejects: the result describes any error. Ends when `limit` ends; the reason is then the attempt's error.
   * @param headers the same object where they are the same
   */
  post(url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array, limit: Limit): Promise<Posted>;
  close(): void;
}

export interface Posted extends Attempt {
  readonly retryAfter?: string | undefined;
  /** The kept-alive connection was already closed: no receiver has seen the request. */
  readonly stale?: boolean;
}

/** Headers that belong to a connection or say how long a body is (RFC 9110, section 7.6.1): the client's own, not the user's. */
const ownHeaders: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'expect', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

export function withoutOwn(headers: Readonly<Record<string, string>>): [name: string, value: string][] {
  return Object.entries(headers).filter(([name]) => !ownHeaders.has(name.toLowerCase()));
}

/** `Basic` with the credentials of a URL (RFC 7617); undefined where it has none. */
export function basicOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** The code of a system's or TLS's error, else its message. */
export function errorOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
