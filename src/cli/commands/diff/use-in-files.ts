/** What `diff` does with files that use the contract: `--usage PATH… [--fix [--dry-run]] [--bridge FILE]`. */
import { writeFileSync } from 'node:fs';
import type { ContractDiff } from '../../../check/diff/change.ts';
import {
  bridgeFile,
  bridgeOf,
  planFix,
  readUsage,
  reportUsage,
  type UsageReport,
  unifiedDiff,
  writeFix,
} from '../../../check/usage/index.ts';

export interface UseInFiles {
  readonly paths: readonly string[];
  readonly fix: boolean;
  /** Shows what `fix` would write, and writes nothing. */
  readonly dryRun: boolean;
  /** Where the recording rules go. */
  readonly bridge: string | undefined;
}

export interface UsedInFiles {
  /** Undefined: no path was given. */
  readonly report: UsageReport | undefined;
  /** A unified diff; empty without `--dry-run`. */
  readonly diff: string;
  /** What was written, and what was not, one sentence each. */
  readonly notes: readonly string[];
  /** Whether an expression breaks that was not rewritten. */
  readonly broken: boolean;
}

/** @throws DEPENDENCY_MISSING when the grammar of PromQL is not installed */
export function useInFiles({ paths, fix, dryRun, bridge }: UseInFiles, diff: ContractDiff): UsedInFiles {
  const notes: string[] = [];
  if (bridge !== undefined) {
    const rules = bridgeOf(diff);
    writeFileSync(bridge, bridgeFile(rules));
    notes.push(`${bridge}: ${rules.rules.length} recording rules; ${rules.unbridged.length} series cannot be recorded`);
    notes.push(...rules.unbridged.map(({ series, reason }) => `${series} is not recorded: ${reason}`));
  }
  if (paths.length === 0) return { report: undefined, diff: '', notes, broken: false };
  const { report, rewrites } = reportUsage(readUsage(paths), diff);
  const breaks = ({ impact }: { impact: string }) => impact === 'breaking';
  if (!fix) return { report, diff: '', notes, broken: report.findings.some(breaks) };
  const plan = planFix(rewrites);
  notes.push(...plan.notWritten.map(({ file, place, reason }) => `${file}: ${place} is not rewritten: ${reason}`));
  const shown = dryRun ? plan.files.map(unifiedDiff).join('') : '';
  const { written, refused } = dryRun ? { written: [], refused: [] } : writeFix(plan.files);
  notes.push(...written.map((file) => `${file}: written`), ...refused.map(({ file, reason }) => `${file}: not written: ${reason}`));
  const left = report.findings.some((finding) => breaks(finding) && finding.reasons.length > 0);
  return { report, diff: shown, notes, broken: left || refused.length > 0 || plan.notWritten.length > 0 };
}
