/**
 * *Admit* for instruments that no contract names: any attributes, told apart by their canonical bytes whatever their order, up to the
 * specification's cardinality limit; the excess adds up under `otel.metric.overflow`.
 */
import type { Attributes } from '@opentelemetry/api';
import type { Metric } from '../../contract/metric.ts';
import { encodeAttributes } from '../../otlp/attributes.ts';
import type { Admit } from '../admit.ts';
import type { Refusal } from '../admit-event.ts';
import { warn } from '../api.ts';
import { latin1, type Series, seriesKey } from '../series.ts';

/**
 * Sets of attributes an instrument may have beside the overflow. The default of the specification's metrics SDK, "Configuration": "the default value
 * SHOULD be 2000", and overflow must not happen as long as there are no more distinct sets than that.
 */
const CARDINALITY_LIMIT = 2_000;

const overflow: Attributes = Object.freeze({ 'otel.metric.overflow': true });

export function createOpenAdmit(metric: Metric, clock: () => number, limit = CARDINALITY_LIMIT): Admit {
  const index = new Map<string, Series>();
  const overflowIdentity = encodeAttributes(overflow);
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

  return Object.freeze<Admit>({
    metric,
    admit(labels) {
      const identity = identityOf(labels);
      if (identity === undefined) {
        tell(
          'attributes that cannot be read, so the measurement is lost. Fix: pass an object of strings, numbers, booleans, or arrays of them',
        );
        return undefined;
      }
      const key = latin1(identity);
      const known = index.get(key);
      if (known !== undefined) return { series: known, merged: false };
      if (key === overflowKey || !isFull()) return { series: enter(key, identity), merged: false };
      tell(
        `more than ${limit} sets of attributes, the rest adds up under otel.metric.overflow. Fix: use fewer attributes, or declare it in a contract`,
      );
      return { series: index.get(overflowKey) ?? enter(overflowKey, overflowIdentity), merged: true };
    },
    lookup(labels) {
      const identity = identityOf(labels);
      return identity === undefined ? undefined : index.get(latin1(identity));
    },
    settle() {},
    hold: (series) => series,
    all: () => index.values(),
    release(series) {
      if (!series.live) return;
      series.live = false;
      index.delete(seriesKey(series));
    },
    clear() {},
    matching: () => [],
    refuse(reason: Refusal) {
      tell(`a measurement was refused (${reason}). Fix: pass a finite number, for counters and histograms not a negative one`);
    },
  });
}

/** Undefined when a getter of the caller's throws. */
function identityOf(given: unknown): Uint8Array | undefined {
  try {
    return encodeAttributes(typeof given === 'object' && given !== null ? (given as Attributes) : {});
  } catch {
    return undefined;
  }
}
