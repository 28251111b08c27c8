/** Facts about a request in; status, headers and bytes out. Everything that answers HTTP is written against these two. */

export interface RequestFacts {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Value of a header by its lower-case name; several lines joined with `, `. */
  header(name: string): string | undefined;
  /** Address of the peer as the socket tells it; undefined where there is no socket (no peer is not loopback). */
  readonly peer: string | undefined;
}

export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Handler = (request: RequestFacts) => Promise<Reply>;
