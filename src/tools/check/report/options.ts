import type { CheckFinding } from '../finding.ts';
import type { Observed } from '../observed.ts';

export const reportFormats = Object.freeze(['text', 'json', 'github', 'junit', 'sarif'] as const);
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportOptions {
  readonly format: ReportFormat;
  /** The version of this package, which `json` and `sarif` state. */
  readonly version: string;
  /** What was read, so that a report says so even where nothing was found. Default: none. */
  readonly observed?: readonly Observed[];
  /** Terminal colours, only in `text`. Default: false. */
  readonly colour?: boolean;
  /**
   * Most findings that `text` and `github` show; they count the rest. The other formats have all. Default: 100 in `text`, 50 in
   * `github`.
   */
  readonly most?: number;
  /** When the check ran, which `junit` states. Default: now. */
  readonly at?: Date;
}

/** What each writer gets: the findings sorted, every option complete. */
export interface Report {
  readonly findings: readonly CheckFinding[];
  readonly observed: readonly Observed[];
  readonly version: string;
  readonly colour: boolean;
  readonly most: number;
  readonly at: Date;
}
