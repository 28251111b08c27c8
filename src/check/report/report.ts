/** Findings as a report: for people, for programs, and for what CI systems show beside a change. */
import type { CheckFinding } from '../finding.ts';
import type { Observed } from '../observed.ts';
import { writeGithub } from './github.ts';
import { writeJson } from './json.ts';
import { writeJunit } from './junit.ts';
import { inOrder } from './order.ts';
import { writeSarif } from './sarif.ts';
import { writeText } from './text.ts';

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
  /** Most findings that `text` and `github` show; they count the rest. The other formats have all. Default: 100 in `text`, 50 in `github`. */
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

const writers: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  text: writeText,
  json: writeJson,
  github: writeGithub,
  junit: writeJunit,
  sarif: writeSarif,
};

/** GitHub shows 10 errors, 10 warnings and 10 notices of a step, and 50 of a job. */
const mostShown: Readonly<Partial<Record<ReportFormat, number>>> = { text: 100, github: 50 };

/** The report's text; it ends with a newline. Text that the checked program chose cannot end a line, a field or an element. */
export function writeReport(findings: readonly CheckFinding[], options: ReportOptions): string {
  const { format, version, observed = [], colour = false, at = new Date() } = options;
  const most = options.most ?? mostShown[format] ?? Number.POSITIVE_INFINITY;
  return writers[format]({ findings: inOrder(findings), observed, version, colour, most, at });
}
