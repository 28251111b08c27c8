/**
 * *Admit* for instruments that no contract names: any attributes, told apart by their canonical bytes whatever their order, up to the
 * specification's cardinality limit; the excess adds up under `otel.metric.overflow`.
 */
import type { Attributes } from '@opentelemetry/api';
import type { Metric } from '../contract/metric.ts';
import { encodeAttributes } from '../otlp/attributes.ts';
import { attributeSum } from './attribute-sum.ts';
import { labelsIn } from './read-labels.ts';
import { type OnShortened, recordable } from './recordable-attributes.ts';
import type { AdmitEvent, OnAdmit, Refusal } from './refusals.ts';
import { latin1, type Series, seriesKey } from './series.ts';
import type { Admit, Admitted } from './series-table.ts';

/**
 * Sets of attributes an instrument may have beside the overflow. The default of the specification's metrics SDK, "Configuration": "the default value
 * SHOULD be 2000", and overflow must not happen as long as there are no more distinct sets than that.
 */
const CARDINALITY_LIMIT = 2_000;

const overflowAttributes: Attributes = Object.freeze({ 'otel.metric.overflow': true });

export interface ByAttributesOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Says what is wrong with an instrument's use. */
  readonly warn: (message: string) => void;
  /** Default: nothing listens. */
  readonly onAdmit?: OnAdmit | undefined;
}

export function createOpenAdmit(
  metric: Metric,
  { clock, warn, onAdmit = () => {} }: ByAttributesOptions,
  limit = CARDINALITY_LIMIT,
): Admit {
  const index = new Map<string, Series>();
  /**
   * Of all sets there are, so that most that are new beyond the limit are known to be without their bytes. What is observed comes and goes, and has none.
   */
  const sums = metric.observed ? undefined : new Set<number>();
  const overflowed: AdmitEvent = Object.freeze({ outcome: 'folded', metric, reason: 'overflow' });
  const excess = `more than ${limit} sets of attributes, the rest adds up under otel.metric.overflow. Fix: use fewer attributes, or declare it in a contract`;
  let overflowing: Admitted | undefined;
  let shortening: AdmitEvent | undefined;
  const noteShortened = (label: string): void => {
    shortening ??= { outcome: 'shortened', label };
  };
  const overflowIdentity = encodeAttributes(overflowAttributes);
  const overflowKey = latin1(overflowIdentity);
  const told = new Set<string>();

  /** An instrument that is used wrongly is used wrongly at every call: it is said once. */
  function tell(what: string): void {
    if (told.has(what)) return;
    told.add(what);
    warn(`${metric.instrument}: ${what}`);
  }

  function enter(key: string, identity: Uint8Array): Series {
    const series: Series = {
      values: [],
      generation: 0,
      startMs: clock(),
      identity,
      held: false,
      shown: false,
      live: true,
      row: 0,
    };
    index.set(key, series);
    return series;
  }

  function isFull(): boolean {
    return index.size - (index.has(overflowKey) ? 1 : 0) >= limit;
  }

  function sumOf(labels: unknown): number | undefined {
    try {
      return attributeSum(labels);
    } catch {
      return undefined;
    }
  }

  function isSurelyNew(labels: unknown): boolean {
    if (sums === undefined) return false;
    const sum = sumOf(labels);
    return sum !== undefined && !sums.has(sum);
  }

  function overflow(remark: OnAdmit): Admitted {
    tell(excess);
    remark(overflowed);
    overflowing ??= Object.freeze({ series: index.get(overflowKey) ?? enter(overflowKey, overflowIdentity), merged: true });
    return overflowing;
  }

  function identityOf(labels: unknown, onShortened: OnShortened): Uint8Array | undefined {
    try {
      return encodeAttributes(recordable(ownAttributes(labels), onShortened));
    } catch {
      return undefined;
    }
  }

  return Object.freeze<Admit>({
    metric,
    admit(labels, remark = onAdmit) {
      if (isFull() && isSurelyNew(labels)) return overflow(remark);
      shortening = undefined;
      const identity = identityOf(labels, noteShortened);
      if (identity === undefined) {
        tell(
          'attributes that cannot be read, so the measurement is lost. Fix: pass an object of strings, numbers, booleans, or arrays of them',
        );
        return undefined;
      }
      const key = latin1(identity);
      const known = index.get(key);
      if (known === undefined && key !== overflowKey && isFull()) return overflow(remark);
      if (shortening !== undefined) remark(shortening);
      if (known !== undefined) return { series: known, merged: false };
      sums?.add(sumOf(labelsIn(labels)) ?? 0);
      return { series: enter(key, identity), merged: false };
    },
    tell: onAdmit,
    lookup(labels) {
      const identity = identityOf(labels, () => {});
      return identity === undefined ? undefined : index.get(latin1(identity));
    },
    settle() {},
    hold: (series) => series,
    all: () => index.values(),
    release(series) {
      if (!series.live) return;
      series.live = false;
      if (series === overflowing?.series) overflowing = undefined;
      index.delete(seriesKey(series));
    },
    clear() {},
    matching: () => [],
    refuse(reason: Refusal) {
      tell(`a measurement was refused (${reason}). Fix: pass a finite number, for counters and histograms not a negative one`);
    },
  });
}

function ownAttributes(given: unknown): Attributes {
  return typeof given === 'object' && given !== null ? (given as Attributes) : {};
}
