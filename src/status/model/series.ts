/** `/api/series`, `/api/labels` and `/api/family`: what is kept, and what takes it up. */
import type { At, PerMinute } from './rates.ts';

/** `/api/series`: cheap, whatever the number of series. */
export interface Series {
  readonly at: At;
  /** One for each exporter that keeps series; of a bridge, one. */
  readonly stores: readonly SeriesStore[];
}

export interface SeriesStore {
  /** The key of its node: `exporter prometheus`. */
  readonly key: string;
  /** Series and families that a scrape shows: those of the table. */
  readonly series: number;
  readonly families: number;
  /** Those that count against the limits: without what the exporter adds, such as `target_info`. Absent: there are no limits. */
  readonly limited?: {
    readonly series: number;
    readonly seriesLimit: number;
    readonly families: number;
    readonly familyLimit: number;
  };
  /** Bytes that series and labels take. */
  readonly bytes?: number;
  /** Of all families: series that came, and that went. */
  readonly created: PerMinute;
  readonly expired: PerMinute;
  /** Those with the most series first, at most 100; `?by=churn`: those with the most new and expired series. */
  readonly top: readonly FamilyRow[];
}

export interface FamilyRow {
  /** As exposed, before a format's suffix: `http_requests_total`. */
  readonly name: string;
  readonly type:
    | 'counter'
    | 'updowncounter'
    | 'gauge'
    | 'histogram'
    | 'summary'
    | 'info'
    | 'unknown'
    | 'stateset'
    | 'gaugehistogram';
  readonly unit: string;
  readonly help: string;
  readonly series: number;
  /** Part of all series of the store, 0 to 1. */
  readonly share: number;
  readonly created: PerMinute;
  readonly expired: PerMinute;
}

/** `/api/labels`: counted on request, in slices; an answer is kept for 30 s. */
export interface Labels {
  readonly at: At;
  readonly stores: readonly {
    readonly key: string;
    /** Series that were read. */
    readonly read: number;
    /** False: the count ended at its bound of series or of time, and numbers are those of what was read. */
    readonly complete: boolean;
    /** Those with the most distinct values first, at most 100. */
    readonly labels: readonly LabelRow[];
  }[];
}

export interface LabelRow {
  readonly name: string;
  /** Distinct values: exact, or an estimate. */
  readonly values: number;
  /** 0: exact. 0.05: the number is within 5 % of the true one in 99.7 of 100 cases. */
  readonly error: number;
  /** Series that have the label. */
  readonly series: number;
}

/** `/api/family?store=KEY&name=NAME`: counted on request; an answer is kept for 5 s. */
export interface Family extends FamilyRow {
  readonly at: At;
  readonly store: string;
  readonly read: number;
  readonly complete: boolean;
  readonly labels: readonly (LabelRow & {
    /** Those with the most series first, at most 10. Absent: the service was started without `--show-values`. */
    readonly top?: readonly { readonly value: string; readonly series: number }[];
  })[];
  /** Those with the most series first, at most 20. Absent: whose series are is not known. */
  readonly senders?: readonly { readonly job: string; readonly instance: string; readonly series: number }[];
  /**
   * What was in conflict with it: another type, description or unit, or another resource that sends the same series. Sentences.
   */
  readonly conflicts: readonly string[];
  /** Buckets' upper bounds of a classic histogram. */
  readonly bounds?: readonly number[];
  /**
   * The newest values of the family as one number: of a gauge the mean of its series, of an up-down counter their sum, of a
   * counter the sum, of a histogram or summary the sum of counts. The oldest first, at most 60; one for each time that somebody
   * looked, at least 5 s apart.
   */
  readonly newest: readonly { readonly at: At; readonly value: number }[];
  /** Queries to copy, the most useful first. */
  readonly promql: readonly { readonly title: string; readonly query: string }[];
}
