/** Adds up the events of sources and readers for the self-metrics. */

export interface Timed {
  count: number;
  sum: number;
}

export interface SelfTally {
  /** Per outcome or reason. */
  readonly scrapes: Map<string, number>;
  readonly requestsRefused: Map<string, number>;
  readonly collections: Map<string, number>;
  readonly pushes: Map<string, number>;
  /** By metric, then by reason. */
  readonly refused: Map<string, Map<string, number>>;
  /** Fields instead of a map, because a flood counts at each call. */
  readonly folded: Record<'capped' | 'identity' | 'overflow', number>;
  /** Families that scrapes left out. */
  readonly omitted: Map<string, number>;
  attributesDropped: number;
  labelsShortened: number;
  /** Of uncontracted instruments, those that are one series with another set. */
  attributeSetsMerged: number;
  /** Sets of attribute names that pages do not keep apart. */
  attributeNamesMerged: number;
  readonly scrapeDuration: Timed;
  readonly collectionDuration: Timed;
  readonly pushDuration: Timed;
  /** Responses of other processes that came too late. */
  processesLate: number;
  /** Label values over their limits in the last sum of all processes. */
  processesExcess: number;
  /** Records and sockets of other processes that scrapes left out. */
  processesUnreadable: number;
}

export function createSelfTally(): SelfTally {
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
    attributeSetsMerged: 0,
    attributeNamesMerged: 0,
    scrapeDuration: { count: 0, sum: 0 },
    collectionDuration: { count: 0, sum: 0 },
    pushDuration: { count: 0, sum: 0 },
    processesLate: 0,
    processesExcess: 0,
    processesUnreadable: 0,
  };
}

export function countOne(counts: Map<string, number>, key: string, times = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}

export function addTime(timed: Timed, seconds: number): void {
  timed.count += 1;
  timed.sum += seconds;
}

/** Two maps instead of one with joined keys, because a flood counts at each call. */
export function countRefused({ refused }: SelfTally, metric: string, reason: string, times = 1): void {
  let reasons = refused.get(metric);
  if (reasons === undefined) {
    reasons = new Map();
    refused.set(metric, reasons);
  }
  countOne(reasons, reason, times);
}
