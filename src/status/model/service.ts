/** `/api/status` and `/api/config`: the service itself. */
import type { At } from './rates.ts';

/** `/api/status`: what this page is of, and which parts it has. The first request of the page. */
export interface Status {
  readonly at: At;
  /** `serve`: `meterbridge serve`. `bridge`: a program that embeds Meterbridge. */
  readonly kind: 'serve' | 'bridge';
  /** `meterbridge`, or the program's name. */
  readonly name: string;
  readonly version: string;
  readonly node: string;
  readonly pid: number;
  readonly startedAt: At;
  readonly ready: boolean;
  /** What `/api/` answers here; the others are 404. */
  readonly parts: readonly Part[];
  /** What senders make it hold, in bytes. */
  readonly memory?: { readonly used: number; readonly limit: number };
  /** Resident memory of the process, in bytes. */
  readonly residentBytes: number;
  /** Processor seconds since the start. */
  readonly cpuSeconds: number;
  /** `serve --show-values` was given: label values are shown. */
  readonly showsValues: boolean;
}

export type Part =
  | 'graph'
  | 'producers'
  | 'scrapers'
  | 'series'
  | 'labels'
  | 'family'
  | 'refusals'
  | 'config'
  | 'extensions'
  | 'features';

/** `/api/config`: what is in effect, and how the sources differ from it now. */
export interface Config {
  readonly at: At;
  /** As YAML with all defaults, secrets as `[REDACTED]`. */
  readonly yaml: string;
  readonly loadedAt: At;
  /** As the command line names them: `otel-collector.yaml`. */
  readonly sources: readonly string[];
  readonly disk: DiskState;
}

/** `unread`: the service cannot read its configuration again. */
export type DiskState =
  | { readonly state: 'same' | 'unread' }
  /** What a reload would change. */
  | {
      readonly state: 'differs';
      readonly lines: readonly DiffLine[];
      /** Components whose secrets alone differ, which lines do not show: keys of nodes. */
      readonly secrets: readonly string[];
    }
  /** The sources are wrong now: a reload would be rejected for these reasons. */
  | { readonly state: 'wrong'; readonly problems: readonly string[] };

export interface DiffLine {
  readonly what: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** `/api/extensions`: the extensions at work, in the order in which they started. */
export interface Extensions {
  readonly at: At;
  readonly extensions: readonly {
    readonly id: string;
    readonly type: string;
    readonly since: At;
    readonly listens: readonly string[];
  }[];
}

/** `/api/features`: the Collector's feature gates. Meterbridge has none: the list is empty. */
export interface Features {
  readonly at: At;
  readonly features: readonly {
    readonly id: string;
    readonly enabled: boolean;
    readonly stage: string;
    readonly description: string;
  }[];
}
