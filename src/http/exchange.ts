/** Facts about a request in; status, headers and bytes out. Everything that answers HTTP is written against these two. */
import type { ReadBody } from './body.ts';

export interface RequestFacts {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Value of a header by its lower-case name; several lines joined with `, `. */
  header(name: string): string | undefined;
  /** The same object whenever facts are drawn from one request: what the server has of it. */
  readonly source?: object;
  /**
   * Reads the body, of at most so many bytes; no body is an empty one. Call it once, and before the reply. A body that no
   * handler reads is thrown away as it comes. Absent where facts have none.
   */
  readonly body?: ReadBody;
  /** Address of the peer as the socket tells it; undefined where there is no socket (no peer is not loopback). */
  readonly peer: string | undefined;
}

export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Called when `body` was sent or is not needed: its memory is used again, or gone and `body` empty. Who never calls it leaves it to the garbage. */
  readonly sent?: () => void;
}

/** One that knows its reply at once may give it at once: what hides an endpoint must not take longer than a path that does not exist. */
export type Handler = (request: RequestFacts) => Promise<Reply> | Reply;
