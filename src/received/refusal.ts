/** Points that are not taken, or not shown: counted by reason, told when a limit is reached, and put in words for the sender. */
import type { TellReceived } from './events.ts';
import type { ReceivedLimits } from './look-up.ts';
import type { NotShown } from './names/index.ts';
import type { MetricNode } from './nodes.ts';
import { ignore, type ReceivedTally } from './tally.ts';

/** How many points of a batch were not taken, and why: the reason of the first one, as a clause. */
export interface NotTaken {
  readonly points: number;
  readonly why: string;
}

export interface Refusals {
  /** A batch begins. */
  begin(): void;
  /** It has ended. */
  end(): NotTaken | undefined;
  unshown(why: NotShown, points: number): void;
  limit(reason: 'series_limit' | 'resource_series_limit' | 'no_room', metric: MetricNode): void;
  noRoom(): void;
  /** A delta that is not added is lost to its sender, unlike an older state. */
  delta(reason: 'older' | 'overlap', metric: MetricNode): void;
  /** Series have gone: the next time that they reach the limit is worth telling. */
  gone(): void;
}

export function createRefusals(tally: ReceivedTally, limits: ReceivedLimits, tell: TellReceived): Refusals {
  let points = 0;
  let why = '';
  let told = false;

  function add(reason: string, count: number, clause: string): void {
    ignore(tally, reason, count);
    if (points === 0) why = clause;
    points += count;
  }

  function reach(type: 'series_limit' | 'resource_series_limit', limit: number, metric: MetricNode): void {
    const { resource } = metric.scope;
    if (type === 'series_limit' ? told : resource.limited) return;
    if (type === 'series_limit') told = true;
    else resource.limited = true;
    tell({ type, limit, name: metric.group.claimed.name, resource: resource.bytes });
  }

  return Object.freeze<Refusals>({
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
    limit(reason, metric) {
      if (reason === 'no_room') add(reason, 1, clauses.no_room);
      else {
        const limit = reason === 'series_limit' ? limits.series : limits.seriesPerResource;
        add(reason, 1, `${clauses[reason]} (${limit})`);
        reach(reason, limit, metric);
      }
    },
    noRoom: () => add('no_room', 1, clauses.no_room),
    delta(reason, { scope: { resource }, group }) {
      add(reason, 1, clauses.delta);
      if (resource.overlaps) return;
      resource.overlaps = true;
      tell({ type: 'overlap', name: group.claimed.name, resource: resource.bytes });
    },
    gone() {
      told = false;
    },
  });
}

const clauses = {
  series_limit: 'there are as many series as there may be',
  resource_series_limit: 'the resource has as many series as one may have',
  no_room: 'there is no memory for another series',
  delta: 'a delta overlaps those that were added up: each writer of a series has a service.instance.id of its own',
};
