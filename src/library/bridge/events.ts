/** Handles the events of sources and readers: adds them up for the self-metrics, and logs each change once. */
import { createMergedNames } from '../../core/naming/index.ts';
import { addTime, countOne, countRefused, createSelfTally, type SelfTally } from '../../core/self/tally.ts';
import { countRule } from '../../core/store/index.ts';
import type { FamilyView } from '../../core/store/store.ts';
import type { Omitted } from '../../formats/exposition/write/rendering.ts';
import type { Refused } from '../../net/access/guarded.ts';
import type { AdmitEvent, CollectEvent } from '../recording/index.ts';
import { type Log, logAdmissions, logCollections, logEach, logForeign, logOmissions } from './logged-once.ts';
import { admitLine } from './refusal-line.ts';

/** What is not shown of a library's metrics, or not as it is. */
export interface Produced {
  /**
   * `invalid`: series without a value that their kind can have. `omitted`: a family. `refused`: series for which there is no
   * room. `respelled`: labels that are one series with others, because an empty one is none. `shortened`: a label's value.
   */
  readonly outcome: 'invalid' | 'omitted' | 'refused' | 'respelled' | 'shortened';
  readonly count: number;
  /** Logged once. */
  readonly line: string;
}

/** Recorders, callbacks and registries are held to it. */
const leftOut = `a push leaves out points without a valid value: ${countRule}, and a counter is not negative; further ones are only counted. Fix: record no NaN with engine: sdkEngine(), and run one version in all processes that push together`;

/** Of attributes that a page does not keep apart. */
const mergedFix = 'Fix: rename all but one, or leave them out, where they are recorded';

/** Represents all metrics that no contract declares. */
const uncontracted = 'uncontracted';

/** Sees each event as it comes: of a page that is open. Must not throw, because a recording call must never throw. */
export interface Watcher {
  onAdmit(event: AdmitEvent, got: unknown): void;
  onPush(event: { readonly outcome: string }): void;
  onScrape(event: { readonly outcome: string }): void;
}

export interface Events {
  readonly tally: SelfTally;
  /** The returned function ends it. */
  watch(watcher: Watcher): () => void;
  onAdmit(event: AdmitEvent, got?: unknown): void;
  onCollect(event: CollectEvent): void;
  onScrape(event: { readonly outcome: string; readonly seconds: number; readonly omitted?: readonly Omitted[] }): void;
  onRefused(event: Pick<Refused, 'reason' | 'count'>): void;
  onPush(event: { readonly outcome: string; readonly seconds: number }): void;
  onProduced(event: Produced): void;
  /** A push leaves out a point. */
  onLeftOut(family: FamilyView): void;
  readonly ofProcesses: { onLate(): void; onExcess(values: number): void; onUnreadable(count: number): void };
  /** Receives the errors of instruments outside the contracts after each collection; empty on success. */
  onForeign(errors: readonly unknown[]): void;
  /** Writes the counts of rejections that no line gives yet. The first measurement from now on is a line. */
  close(): void;
}

/** `log` must not throw, because a recording call must never throw. `clock` gives ms. */
export function createEvents(log: Log, clock: () => number): Events {
  const tally = createSelfTally();
  const [admitted, collected, omitted, foreign] = [
    logAdmissions(log, clock),
    logCollections(log),
    logOmissions(log),
    logForeign(log),
  ];
  const produced = logEach(log);
  const merged = createMergedNames(log, mergedFix);
  const watchers = new Set<Watcher>();
  let closed = false;
  let late = false;

  return {
    tally,
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    onAdmit(event, got) {
      if (watchers.size > 0) for (const watcher of watchers) watcher.onAdmit(event, got);
      if (event.outcome === 'closed') {
        if (closed && !late) log(admitLine(event, got));
        late ||= closed;
        return;
      }
      if (event.outcome === 'dropped') tally.attributesDropped += 1;
      else if (event.outcome === 'shortened') tally.labelsShortened += 1;
      else if (event.outcome === 'respelled') tally.attributeSetsMerged += 1;
      else if (event.outcome === 'folded') tally.folded[event.reason] += 1;
      else countRefused(tally, event.metric?.series ?? uncontracted, event.reason);
      admitted.onAdmit(event, got);
    },
    onCollect(event) {
      countOne(tally.collections, event.outcome);
      // A late run is still at work.
      if (event.outcome !== 'late') addTime(tally.collectionDuration, event.seconds);
      collected(event);
      admitted.flush();
    },
    onScrape(event) {
      admitted.flush();
      for (const watcher of watchers) watcher.onScrape(event);
      countOne(tally.scrapes, event.outcome);
      addTime(tally.scrapeDuration, event.seconds);
      for (const one of event.omitted ?? []) {
        if (one.reason === 'labels') merged.joined(one.label ?? '', one.attributes ?? []);
        else if (one.reason === 'series') merged.met(one.family, one.names ?? [[], []], one.adds === true);
        else if (one.reason !== 'metadata' && one.reason !== 'buckets') countOne(tally.omitted, one.reason);
        omitted(one);
      }
      tally.attributeNamesMerged = merged.count;
    },
    onRefused: ({ reason, count }) => countOne(tally.requestsRefused, reason, count),
    onPush(event) {
      admitted.flush();
      for (const watcher of watchers) watcher.onPush(event);
      countOne(tally.pushes, event.outcome);
      addTime(tally.pushDuration, event.seconds);
    },
    onProduced({ outcome, count, line }) {
      if (outcome === 'omitted') countOne(tally.omitted, 'name', count);
      else if (outcome === 'shortened') tally.labelsShortened += count;
      else if (outcome === 'respelled') tally.attributeSetsMerged += count;
      else countRefused(tally, uncontracted, outcome === 'invalid' ? 'value' : 'no_room', count);
      produced(line);
    },
    onLeftOut({ spec: { name } }) {
      countRefused(tally, name, 'value');
      produced(`${name}: ${leftOut}`);
    },
    ofProcesses: {
      onLate() {
        tally.processesLate += 1;
      },
      onExcess(values) {
        tally.processesExcess = values;
      },
      onUnreadable(count) {
        tally.processesUnreadable += count;
      },
    },
    onForeign(errors) {
      // What succeeds there is not told.
      if (errors.length > 0) countOne(tally.collections, 'failed', errors.length);
      foreign(errors);
    },
    close() {
      closed = true;
      admitted.flush(true);
    },
  };
}
