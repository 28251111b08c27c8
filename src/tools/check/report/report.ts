/** Findings as a report: for people, for programs, and for what CI systems show beside a change. */
import type { CheckFinding } from '../finding.ts';
import { writeGithub } from './github.ts';
import { writeJson } from './json.ts';
import { writeJunit } from './junit.ts';
import type { Report, ReportFormat, ReportOptions } from './options.ts';
import { inOrder } from './order.ts';
import { writeSarif } from './sarif.ts';
import { writeText } from './text.ts';

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
