/** Adds up the plain events of sources and readers. What it holds is what the self-metrics show. */

export interface Timed {
  count: number;
  sum: number;
}

export interface Tally {
  /** Per outcome or reason. */
  readonly scrapes: Map<string, number>;
  readonly requestsRefused: Map<string, number>;
  readonly collections: Map<string, number>;
  readonly pushes: Map<string, number>;
  readonly refused: Map<string, number>;
  /** Counted at each call of a flood, so by field. */
  readonly folded: Record<'capped' | 'identity' | 'overflow', number>;
  /** Families that scrapes left out. */
  readonly omitted: Map<string, number>;
  attributesDropped: number;
  labelsShortened: number;
  readonly scrapeDuration: Timed;
  readonly collectionDuration: Timed;
  readonly pushDuration: Timed;
}

export function createTally(): Tally {
  return {
    scrapes: new Map(),
    requestsRefused: new Map(),
    collections: new Map(),
    pushes: new Map(),
    refused: new Map(),
    folded: { capped: 0, identity: 0, overflow: 0 },
    omitted: new Map(),
    attributesDropped: 0,
    labelsShortened: 0,
    scrapeDuration: { count: 0, sum: 0 },
    collectionDuration: { count: 0, sum: 0 },
    pushDuration: { count: 0, sum: 0 },
  };
}

export function countOne(counts: Map<string, number>, key: string, times = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}

export function addTime(timed: Timed, seconds: number): void {
  timed.count += 1;
  timed.sum += seconds;
}
