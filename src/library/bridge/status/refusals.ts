/** What the recorders of a bridge have rejected or changed since the page was opened for it, by metric and reason. */
import type { Meter } from '../../../status/flow/meter.ts';
import type { Meters } from '../../../status/flow/meters.ts';
import type { Rate, Refusal, Refusals } from '../../../status/model/index.ts';
import type { PageValues } from '../../../status/page-values.ts';
import type { AdmitEvent } from '../../recording/index.ts';
import { problemOf, whatOf } from '../refusal-line.ts';

/** Metrics and reasons; beyond it, the one that was silent the longest is forgotten. */
const most = 200;

const called: Readonly<Record<AdmitEvent['outcome'], Refusal['what']>> = {
  refused: 'refused',
  folded: 'folded',
  shortened: 'folded',
  dropped: 'dropped',
  respelled: 'folded',
  closed: 'failed',
};

interface Entry {
  readonly text: Pick<Refusal, 'key' | 'what' | 'reason' | 'by' | 'happened' | 'fix' | 'message'>;
  readonly firstAt: number;
  readonly meter: Meter;
  lastAt: number;
  count: number;
}

export interface BridgeRefusals {
  onAdmit(event: AdmitEvent, got: unknown): void;
  answer(now: number): Refusals;
  /** All so far. */
  readonly count: number;
  /** What the source with this key has rejected. */
  refusedBy(source: string, now: number): { readonly refused: number; readonly refusedRate: Rate };
}

export interface BridgeRefusalsOptions {
  readonly meters: Meters;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly values: PageValues;
  /** The key of the node that a metric belongs to. */
  readonly sourceOf: (event: AdmitEvent) => string;
}

export function createBridgeRefusals({ meters, clock, values, sourceOf }: BridgeRefusalsOptions): BridgeRefusals {
  /** In the order of their last event. */
  const entries = new Map<string, Entry>();
  const refused = new Map<string, { count: number; readonly meter: Meter }>();
  let count = 0;
  let forgotten = 0;

  function entryOf(key: string, by: string, event: AdmitEvent, got: unknown): Entry {
    const { at, got: value, rule, fix } = problemOf(event, got);
    const reason = 'reason' in event ? event.reason : event.outcome;
    const text = {
      key,
      what: called[event.outcome],
      reason,
      by,
      happened: `${at}: ${whatOf(event)}; ${rule}`,
      fix,
      message: `${at}: got ${values.textOf(got, value)}`,
    };
    const now = clock();
    // Made first: the meter reads it at once.
    const times = { count: 0, lastAt: now };
    return Object.assign(times, { text, firstAt: now, meter: meters.meter(() => times.count) });
  }

  function refusedOf(source: string) {
    const known = refused.get(source);
    if (known !== undefined) return known;
    const total = { count: 0 };
    const made = Object.assign(total, { meter: meters.meter(() => total.count) });
    refused.set(source, made);
    return made;
  }

  return {
    onAdmit(event, got) {
      const by = sourceOf(event);
      const reason = 'reason' in event ? event.reason : event.outcome === 'respelled' ? event.instrument : '';
      const key = `${by} ${event.metric?.series ?? ''} ${event.outcome} ${reason} ${'label' in event ? (event.label ?? '') : ''}`;
      const entry = entries.get(key) ?? entryOf(key, by, event, got);
      entries.delete(key);
      entries.set(key, entry);
      entry.count += 1;
      entry.lastAt = clock();
      count += 1;
      if (event.outcome === 'refused' || event.outcome === 'closed') refusedOf(by).count += 1;
      const [oldest] = entries;
      if (entries.size <= most || oldest === undefined) return;
      entries.delete(oldest[0]);
      meters.remove(oldest[1].meter);
      forgotten += 1;
    },
    answer(now) {
      const newest = [...entries.values()].reverse();
      const refusals = newest.map(({ text, count: times, firstAt, lastAt, meter }) => ({
        ...text,
        ...{ count: times, unit: 'points' as const, rate: meter.rate(now), firstAt, lastAt },
      }));
      return { at: now, refusals, limit: most, forgotten };
    },
    get count() {
      return count;
    },
    refusedBy(source, now) {
      const { count: points, meter } = refusedOf(source);
      return { refused: points, refusedRate: meter.rate(now) };
    },
  };
}
