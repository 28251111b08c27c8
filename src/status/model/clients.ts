/** `/api/producers` and `/api/scrapers`: who sends, and who reads. */
import type { At, Rate } from './rates.ts';

/** `/api/producers`. */
export interface Producers {
  readonly at: At;
  /** The busiest first, at most 200; `?all=1`: at most 1,000. */
  readonly producers: readonly Producer[];
  /** Resources that are known. */
  readonly known: number;
  /** How many can be known: those that were silent the longest are forgotten first. */
  readonly limit: number;
  /** Resources that were forgotten because of the limit. */
  readonly forgotten: number;
}

/** A resource that sends: what OTLP calls `Resource`. */
export interface Producer {
  /** Stable while it is known. */
  readonly key: string;
  /** `service.namespace/service.name`; `''` without one. */
  readonly job: string;
  /** `service.instance.id`; `''` without one. */
  readonly instance: string;
  /** `telemetry.sdk.name`, `telemetry.sdk.version`, `telemetry.sdk.language`, as it says. */
  readonly sdk?: string;
  readonly sdkVersion?: string;
  readonly language?: string;
  /** Receivers that it sends to. */
  readonly receivers: readonly string[];
  readonly points: number;
  readonly rate: Rate;
  /** Its series in all exporters that keep some. Absent: none does, or the resource was changed on its way there. */
  readonly series?: number;
  readonly firstSeen: At;
  readonly lastSeen: At;
  /** It sent regularly, and has not sent for at least three of its intervals. */
  readonly silent: boolean;
  /** The time between its requests, in seconds. Absent: it has sent once. */
  readonly everySeconds?: number;
  readonly refused: number;
  readonly lastRefusal?: { readonly at: At; readonly why: string };
  /**
   * The time of its newest point less the time of its arrival, in seconds; positive: its clock is ahead. Negative: its clock is
   * behind, or it sends late. Absent: its points have no times.
   */
  readonly skewSeconds?: number;
}

/** `/api/scrapers`. */
export interface Scrapers {
  readonly at: At;
  /** The newest first, at most 100. */
  readonly scrapers: readonly Scraper[];
  readonly limit: number;
  readonly forgotten: number;
  /**
   * Scrapes that other listeners or routes of the program responded to: their clients are not known here. Absent: there were
   * none, or the page is a service's.
   */
  readonly elsewhere?: number;
}

/** A client, told apart by address, `User-Agent`, endpoint and format. */
export interface Scraper {
  readonly key: string;
  /** Its address without the port; absent at a Unix socket. */
  readonly client?: string;
  /** The first 100 characters. */
  readonly userAgent: string;
  /** The key of the node that answers: `exporter prometheus`. */
  readonly endpoint: string;
  readonly format: 'openmetrics' | 'text' | 'protobuf' | 'json' | 'none';
  readonly compressed: boolean;
  readonly scrapes: number;
  readonly firstAt: At;
  readonly lastAt: At;
  /** The time between its scrapes, in seconds: the mean of the last ones. Absent: it has scraped once. */
  readonly everySeconds?: number;
  /** Of the newest scrape: the body as it was sent, in bytes. */
  readonly bytes: number;
  /** Of the newest scrape, from its request to the whole body. */
  readonly seconds: number;
  readonly slowestSeconds: number;
  /** Of the newest scrape: the HTTP status. */
  readonly status: number;
  /** Scrapes whose status was not 200. */
  readonly failed: number;
  readonly lastFailure?: { readonly at: At; readonly status: number };
}
