/**
 * Points that are rejected, or not exposed: counted by reason, reported when a limit is reached, and put in words for the sender.
 */
import type { TellReceived } from './events.ts';
import type { Form } from './forms/index.ts';
import type { Limited, RefusedReason } from './memory.ts';
import type { NotShown } from './names/index.ts';
import type { Group } from './resources/groups.ts';
import type { KnownMetric, KnownResource } from './resources/nodes.ts';
import type { ReceivedLimits } from './streams/look-up.ts';
import { ignore, type ReceivedTally } from './tally.ts';

/** How many points of a batch were rejected, and why: the reason of the first one, as a clause. */
export interface RefusedPoints {
  readonly points: number;
  readonly why: string;
}

interface About {
  readonly name: string;
  /** The `Resource` message. */
  readonly resource: Uint8Array;
}

export interface PointRefusals {
  /** A batch begins. */
  begin(): void;
  /** It has ended. */
  end(): RefusedPoints | undefined;
  unshown(why: NotShown, points: number): void;
  /** A point would make a series of the metric that is one too many. */
  limit(reason: RefusedReason, metric: KnownMetric): void;
  /** Points would make a metric, scope or resource that is one too many. `about` is called where it is reported. */
  limitAll(reason: RefusedReason, points: number, about: () => About): void;
  /** A delta that is not added is lost to its sender, unlike an older state. */
  delta(reason: 'older' | 'overlap', metric: KnownMetric): void;
  /** A value cannot be its metric's: the point is not exposed. Told once a name and reason. */
  dropped(reason: Form['dropped'], metric: KnownMetric): void;
  /** So many silent totals have left for want of memory, the first of a metric of this name. */
  forgotten(totals: number, name: () => string): void;
  /** Series have gone: the next time that they reach the limit is worth telling. */
  gone(): void;
}

export interface RefusalParts {
  readonly tally: ReceivedTally;
  /** By what is rejected at it. */
  readonly limits: Readonly<Record<Limited, number>>;
  readonly tell: TellReceived;
  /** The `Resource` message. */
  readonly bytesOf: (resource: KnownResource) => Uint8Array;
}

export const limitsByReason = (limits: ReceivedLimits, memory: number): Readonly<Record<Limited, number>> => ({
  series_limit: limits.series,
  resource_series_limit: limits.seriesPerResource,
  resource_limit: limits.resources,
  label_bytes: limits.labelBytes,
  resource_label_bytes: limits.labelBytesPerResource,
  memory_limit: memory,
});

export function createPointRefusals({ tally, limits, tell, bytesOf }: RefusalParts): PointRefusals {
  let points = 0;
  let why = '';
  const reported = new Set<Limited>();
  const told = { not_a_count: new WeakSet<Group>(), no_sum: new WeakSet<Group>() };

  function add(reason: string, count: number, clause: string): void {
    ignore(tally, reason, count);
    if (points === 0) why = clause;
    points += count;
  }

  function count(reason: RefusedReason, refused: number): void {
    add(reason, refused, refusalClause(reason, reason === 'no_room' ? undefined : limits[reason]));
  }

  /** Once for all, or once a resource. */
  function isNews(type: Limited, resource: KnownResource): boolean {
    const isOfResource = type === 'resource_series_limit' || type === 'resource_label_bytes';
    if (isOfResource ? resource.limited : reported.has(type)) return false;
    if (isOfResource) resource.limited = true;
    else reported.add(type);
    return true;
  }

  return Object.freeze<PointRefusals>({
    begin() {
      points = 0;
    },
    end() {
      return points === 0 ? undefined : Object.freeze({ points, why });
    },
    unshown({ reason, refused }, count) {
      if (refused !== undefined) add(reason, count, refused);
      else ignore(tally, reason, count);
    },
    limit(type, { scope: { resource }, group }) {
      count(type, 1);
      if (type === 'no_room' || !isNews(type, resource)) return;
      tell({ type, limit: limits[type], name: group.claimed.name, resource: bytesOf(resource) });
    },
    limitAll(type, refused, about) {
      count(type, refused);
      if (type === 'no_room' || reported.has(type)) return;
      reported.add(type);
      tell({ type, limit: limits[type], ...about() });
    },
    delta(reason, { scope: { resource }, group }) {
      add(reason, 1, clauses.delta);
      if (resource.overlaps) return;
      resource.overlaps = true;
      tell({ type: 'overlap', name: group.claimed.name, resource: bytesOf(resource) });
    },
    dropped(reason, { scope: { resource }, group }) {
      ignore(tally, reason);
      if (told[reason].has(group)) return;
      told[reason].add(group);
      tell({ type: reason, name: group.claimed.name, resource: bytesOf(resource) });
    },
    forgotten(totals, name) {
      if (tally.forgotten === 0) tell({ type: 'forgotten', limit: limits.memory_limit, name: name() });
      tally.forgotten += totals;
    },
    gone() {
      reported.clear();
    },
  });
}

/** What happened, for the sender and for whoever looks on. @param limit which was reached; undefined: none, or it is not known */
export function refusalClause(reason: keyof typeof clauses, limit: number | undefined): string {
  return limit === undefined ? clauses[reason] : `${clauses[reason]} (${limit})`;
}

const clauses = {
  series_limit: 'there are as many series as there may be',
  resource_series_limit: 'the resource has as many series as one may have',
  resource_limit: 'there are as many resources and scopes as there may be',
  label_bytes: 'labels have as many bytes as they may have',
  resource_label_bytes: 'the labels of the resource have as many bytes as those of one may have',
  memory_limit: 'what senders sent takes as much memory as it may take',
  no_room: 'there is no memory for another series',
  delta: 'a delta overlaps those that were added up: each writer of a series has a service.instance.id of its own',
};
