/** What *admit* changed or rejected about a measurement. Listeners count it; the caller never gets an error. */
import type { Metric } from '../../core/contract/metric.ts';

export const refusals = [
  'value',
  'label_missing',
  'label_type',
  'label_value',
  'identity_limit',
  'no_room',
  'kind',
  'removed',
] as const;
export type Refusal = (typeof refusals)[number];

export type AdmitEvent =
  /**
   * The measurement is lost: its value or a label breaks the contract, the store is full (`Family.row`), or a binding's series
   * was removed. Without `metric`: an uncontracted instrument.
   */
  | {
      readonly outcome: 'refused';
      readonly metric?: Metric;
      readonly reason: Refusal;
      readonly label?: string;
      readonly instrument?: string;
    }
  /** Recorded under `other`, because a capped set or an identity is full. */
  | { readonly outcome: 'folded'; readonly metric: Metric; readonly reason: 'capped' | 'identity'; readonly label: string }
  /** An uncontracted instrument is at its limit of attribute sets: recorded under `otel.metric.overflow`. */
  | { readonly outcome: 'folded'; readonly metric: Metric; readonly reason: 'overflow' }
  /**
   * Recorded under the beginning of the value and its hash, because it is too long. Without `metric`: an uncontracted instrument.
   */
  | { readonly outcome: 'shortened'; readonly metric?: Metric; readonly label: string }
  /** Recorded without an attribute that is not in the contract. */
  | { readonly outcome: 'dropped'; readonly metric: Metric; readonly reason: 'attribute'; readonly label: string }
  /**
   * A set of attributes of an uncontracted instrument is one series with another set, because no label shows what they differ in:
   * the type of a value, or an empty one. Once for each set; `got` is both (`TwoSpellings`).
   */
  | { readonly outcome: 'respelled'; readonly metric?: undefined; readonly instrument: string }
  /** Lost, because the bridge is closed, or a hot reload has replaced the metric. */
  | { readonly outcome: 'closed'; readonly metric: Metric };

/**
 * `got`: the offending value, as the caller passed it. Beside the event, so that the same event serves each time and a flood
 * allocates nothing.
 */
export type OnAdmit = (event: AdmitEvent, got?: unknown) => void;
