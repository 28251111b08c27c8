/** What clients can hold of the dedicated listener, in numbers. Times are in milliseconds. */
export interface ListenerBounds {
  /** Connections at a time, over TLS after their handshake. One more ends the longest idle one, or else the slowest. */
  readonly connections: number;
  /** TLS handshakes at a time. One more ends the oldest. */
  readonly handshakes: number;
  /** Connections that are being answered at a time. One more takes the place of a slow one, or gets 503. */
  readonly places: number;
  /** Requests that one connection may have waiting for their answers; one more gets 503. */
  readonly pipelined: number;
  /** Bytes of replies that are not read yet, all together. One more reply, however large, may be on top. */
  readonly unreadBytes: number;
  /** A reply that is not read within this time is slow: it keeps its place for as long as no other request needs it. */
  readonly slowMs: number;
  /** The longest that a reply may take to be read. */
  readonly replyMs: number;
  /** A request's line, headers and body must be here within this time. */
  readonly requestMs: number;
  /** A connection on which nothing moves for so long is cut. */
  readonly idleMs: number;
  /** A connection that was answered is kept for the next request. */
  readonly keepAliveMs: number;
  /** How often requests and replies that are overdue are looked for. */
  readonly checkingMs: number;
}

export const defaultBounds: ListenerBounds = {
  connections: 1_000,
  handshakes: 1_000,
  // Scrapers are few, and each place may hold a reply.
  places: 100,
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
