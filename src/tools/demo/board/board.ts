/** What the demo shows, the same in the terminal and on the page. */

export interface Board {
  readonly title: string;
  /** What listens at which address. */
  readonly addresses: readonly { readonly name: string; readonly url: string }[];
  readonly groups: readonly Group[];
  readonly scrapes: readonly Scrapes[];
  /** How long the shop's event loop stays blocked, in milliseconds; 0: it runs. */
  readonly blockedMs: number;
}

/** A program and its series. */
export interface Group {
  readonly name: string;
  /** Where its metrics are, if not among the board's addresses. */
  readonly url?: string;
  /** Its state in one sentence. */
  readonly state: string;
  /** Whether another exporter shows the same series: a column of its own. */
  readonly stock: boolean;
  readonly rows: readonly Row[];
}

/** A series. What is undefined is unknown. */
export interface Row {
  readonly series: string;
  readonly recorded?: number | undefined;
  readonly pulled?: number | undefined;
  readonly pushed?: number | undefined;
  readonly stock?: number | undefined;
  /** Of the value that was pulled, a second. */
  readonly rate?: number | undefined;
}

/** How an address responds to scrapes. */
export interface Scrapes {
  readonly name: string;
  /** One for each scrape that was due, the latest last; false: there was no response for a second. */
  readonly dots: readonly boolean[];
  readonly answered: number;
  /** Rejected, broken or given up. */
  readonly failed: number;
  /** Undefined: no response so far. */
  readonly medianMs?: number | undefined;
  /** Between two responses, or since the last one. */
  readonly longestGapMs: number;
  /** How long the present scrape has waited for its response. */
  readonly waitingMs: number;
}
