/** The limits on what clients can hold of the dedicated listener. Times are in milliseconds. */
export interface ListenerBounds {
  /**
   * Maximum number of connections; over TLS, after their handshake. One more ends the connection that has been idle the longest,
   * or else the slowest.
   */
  readonly connections: number;
  /** Maximum number of TLS handshakes. One more ends the oldest. */
  readonly handshakes: number;
  /** Maximum number of connections that are served at a time. One more replaces a slow one, or gets 503. */
  readonly slots: number;
  /** Maximum number of requests that wait for a response on one connection; one more gets 503. */
  readonly pipelined: number;
  /** Maximum size of all replies that are not read yet, in bytes. One more reply, of any size, may exceed it. */
  readonly unreadBytes: number;
  /** A reply that is not read within this time is slow: it keeps its slot until another request needs it. */
  readonly slowMs: number;
  /** The maximum time for a client to read a reply. */
  readonly replyMs: number;
  /** A request's line, headers and body must arrive within this time. */
  readonly requestMs: number;
  /** A connection without any traffic for this time is cut. */
  readonly idleMs: number;
  /** A connection is kept this long after a response for the next request. */
  readonly keepAliveMs: number;
  /** How often the listener looks for overdue requests and replies. */
  readonly checkingMs: number;
}

export const defaultBounds: ListenerBounds = {
  connections: 1_000,
  handshakes: 1_000,
  // Scrapers are few, and each slot may hold a reply.
  slots: 100,
  pipelined: 10,
  unreadBytes: 64 * 1024 * 1024,
  slowMs: 1_000,
  // Well above the longest scrape.
  replyMs: 120_000,
  requestMs: 10_000,
  // Longer than the longest scrape.
  idleMs: 30_000,
  // Above the usual scrape interval of one minute, so that a scraper can keep its connection.
  keepAliveMs: 65_000,
  checkingMs: 5_000,
};
