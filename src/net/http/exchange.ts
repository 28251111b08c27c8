/** The facts of a request in; status, headers and bytes out. All code that serves HTTP is written against these two. */
import type { ReadBody } from './body.ts';

export interface RequestFacts {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The value of a header by its lower-case name; several lines joined with `, `. */
  header(name: string): string | undefined;
  /** The server's object for the request: the same one whenever facts are drawn from that request. */
  readonly source?: object;
  /**
   * Reads the body, of at most so many bytes; a request without a body has an empty one. Call it once, and before the reply. A
   * body that no handler reads is dropped as it arrives. Absent where the facts include no body.
   */
  readonly body?: ReadBody;
  /** The peer's address from the socket; undefined without a socket (an unknown peer is not loopback). */
  readonly peer: string | undefined;
}

export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /**
   * Called when `body` was sent or is not needed: its memory may then be reused, or detached and `body` empty. Without a call,
   * the garbage collector frees it.
   */
  readonly sent?: () => void;
  /**
   * Makes the body piece by piece instead, as long as the client stays. Called once, when the head goes out, or never: an adapter
   * that has no such bodies sends
   * `body`, and so does a reply to HEAD. A client that leaves ends it at its next piece.
   */
  readonly stream?: () => AsyncIterable<Uint8Array>;
}

/**
 * A handler that knows its reply may return it synchronously: a hidden endpoint must not take longer than a path that does not
 * exist.
 */
export type Handler = (request: RequestFacts) => Promise<Reply> | Reply;
