/** The series of an instrument that no contract names, found by their attributes. Each gets its row when it is first exposed. */
import type { Metric } from '../../../core/contract/metric.ts';
import type { Family } from '../../../core/store/store.ts';
import type { AdmitEvent, OnAdmit, Refusal } from '../refusals.ts';
import type { Series } from '../series.ts';
import { createSeriesRows } from '../series-rows.ts';
import type { Entered, SeriesTable } from '../series-table.ts';
import { type KeepsKey, keptAttributes, lastOfEach } from './attribute-keys.ts';
import { type AttributeMembers, createAttributeMembers } from './attribute-members.ts';

export interface AttributeSeriesOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Logs a misuse of the instrument. */
  readonly warn: (message: string) => void;
  /** Undefined: the series have all attributes. */
  readonly keeps?: KeepsKey | undefined;
  /** The most sets of attributes. Undefined: the specification's default. */
  readonly limit?: number | undefined;
  /** Default: ignored. */
  readonly onAdmit?: OnAdmit | undefined;
}

const unread =
  'attributes that cannot be read, so the measurement is lost. Fix: pass an object of strings, numbers, booleans, or arrays of them';

export function createAttributeSeries(
  metric: Metric,
  family: Family,
  { clock, warn, keeps, limit, onAdmit = () => {} }: AttributeSeriesOptions,
): SeriesTable {
  const members = createAttributeMembers(metric, { limit, warnOnce, onAlias: (spellings) => onAdmit(respelled, spellings) });
  const { release } = members;
  const { place, drop } = createSeriesRows(metric, family, { release, refuse });
  const respelled: AdmitEvent = Object.freeze({ outcome: 'respelled', instrument: metric.instrument });
  const warned = new Set<string>();
  let closed = false;
  /**
   * One per reason, so that a flood of rejected values allocates nothing. Without the metric, so that all instruments are counted
   * as one.
   */
  const refusalEvents = new Map<Refusal, AdmitEvent>();

  function count(reason: Refusal, got: unknown): void {
    if (closed) return;
    let event = refusalEvents.get(reason);
    if (event === undefined) {
      event = { outcome: 'refused', reason, instrument: metric.instrument };
      refusalEvents.set(reason, event);
    }
    onAdmit(event, got);
  }

  /** A misuse repeats at every call, so it is logged once. */
  function warnOnce(what: string): void {
    if (closed || warned.has(what)) return;
    warned.add(what);
    warn(`${metric.instrument}: ${what}`);
  }

  function refuse(reason: Refusal, _label?: string, got?: unknown): void {
    count(reason, got);
    warnOnce(`a measurement was rejected (${reason}). Fix: pass a finite number, for counters and histograms not a negative one`);
  }

  return Object.freeze<SeriesTable>({
    metric,
    enter(attributes, remark = onAdmit) {
      if (closed) return undefined;
      const entered = keeps === undefined ? members.enter(attributes, remark) : enterKept(members, keeps, attributes, remark);
      if (entered === undefined) {
        count('label_type', attributes);
        warnOnce(unread);
      }
      return entered;
    },
    find: keeps === undefined ? members.find : (attributes) => findKept(members, keeps, attributes),
    ...(keeps === undefined ? {} : { lastOfEach }),
    all: members.all,
    show: (series, first) => series.row !== 0 || place(series, clock(), first),
    place,
    release,
    drop,
    reset() {
      for (const series of [...members.all()]) drop(series);
    },
    refuse,
    close() {
      closed = true;
      for (const series of [...members.all()]) {
        release(series);
        series.row = 0;
      }
    },
  });
}

/** Undefined also if the attributes cannot be read. */
function enterKept(members: AttributeMembers, keeps: KeepsKey, given: unknown, remark: OnAdmit): Entered | undefined {
  try {
    const kept = keptAttributes(given, keeps);
    const entered = members.enter(kept, remark);
    return entered === undefined || entered.merged || kept === given
      ? entered
      : { series: entered.series, merged: true, isAlias: true };
  } catch {
    return undefined;
  }
}

function findKept(members: AttributeMembers, keeps: KeepsKey, given: unknown): Series | undefined {
  try {
    return members.find(keptAttributes(given, keeps));
  } catch {
    return undefined;
  }
}
