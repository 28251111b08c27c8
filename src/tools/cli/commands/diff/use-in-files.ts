/** What `diff` does with files that use the contract: `--usage PATH… [--fix [--dry-run]] [--bridge FILE]`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Decision } from '../../../check/diff/allowed.ts';
import type { ContractDiff } from '../../../check/diff/change.ts';
import {
  bridgeFile,
  bridgeMark,
  bridgeOf,
  planFix,
  readUsage,
  reportUsage,
  type UsageReport,
  unifiedDiff,
  writeFix,
} from '../../../check/usage/index.ts';
import { usageError } from '../../usage-error.ts';

export interface UseInFiles {
  readonly paths: readonly string[];
  readonly fix: boolean;
  /** Shows what would be written, and writes nothing. */
  readonly dryRun: boolean;
  /** Where the recording rules go. */
  readonly bridge: string | undefined;
}

interface UsedInFiles {
  /** Undefined: no path was given. */
  readonly report: UsageReport | undefined;
  /** A unified diff; empty without `--dry-run`. */
  readonly diff: string;
  /** What was written, and what was not, one sentence each. */
  readonly notes: readonly string[];
  /**
   * Whether an expression breaks that was not rewritten and whose changes are not all allowed, or a file could not be written.
   */
  readonly broken: boolean;
}

type Decided = Pick<Decision, 'broken' | 'allowed'>;
type Finding = UsageReport['findings'][number];

/**
 * @throws DEPENDENCY_MISSING when the grammar of PromQL is not installed; CLI_USAGE for a path that is not there, or a bridge
 * that cannot be written
 */
export function useInFiles(given: UseInFiles, diff: ContractDiff, decision: Decided): UsedInFiles {
  const { paths, bridge } = given;
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw usageError(`--usage ${missing}`, 'nothing', 'it is a file or folder', 'check its path');
  if (bridge !== undefined) checkBridge(bridge);
  const used = ofFiles(given, diff, decision);
  return bridge === undefined ? used : { ...used, notes: [...used.notes, ...bridgeTo(bridge, given.dryRun, diff)] };
}

function ofFiles({ paths, fix, dryRun }: UseInFiles, diff: ContractDiff, decision: Decided): UsedInFiles {
  if (paths.length === 0) return { report: undefined, diff: '', notes: [], broken: false };
  const { report, rewrites } = reportUsage(readUsage(paths), diff);
  const fails = report.findings.filter((finding) => breaks(finding, decision, diff));
  if (!fix) return { report, diff: '', notes: [], broken: fails.length > 0 };
  const plan = planFix(rewrites);
  const shown = dryRun ? plan.files.map(unifiedDiff).join('') : '';
  const { written, refused } = dryRun ? { written: [], refused: [] } : writeFix(plan.files);
  const notes = [
    ...plan.notWritten.map(({ file, place, reason }) => `${file}: ${place} is not rewritten: ${reason}`),
    ...written.map((file) => `${file}: written`),
    ...refused.map(({ file, reason }) => `${file}: not written: ${reason}`),
  ];
  const left = fails.some(({ rewritten }) => rewritten === undefined);
  return { report, diff: shown, notes, broken: left || refused.length > 0 || plan.notWritten.length > 0 };
}

/** What breaks only because of what it reads counts where that breaks. */
function breaks({ problems }: Finding, { broken, allowed }: Decided, { changes }: ContractDiff): boolean {
  const isAllowed = (series: string) =>
    !broken.some((change) => change.series === series) &&
    changes.some((change) => change.series === series && allowed.has(change.id));
  return problems.some(({ impact, series }) => impact === 'breaking' && !(series.length > 0 && series.every(isAllowed)));
}

/** Before anything is written: rules of someone's own are not written over. */
function checkBridge(path: string): void {
  if (!existsSync(path)) return;
  if (!orUsageError(path, () => readFileSync(path, 'utf8')).includes(bridgeMark))
    throw usageError(`--bridge ${path}`, 'a file that diff --bridge did not write', 'it is written over', 'name another file');
}

function bridgeTo(path: string, dryRun: boolean, diff: ContractDiff): readonly string[] {
  const bridge = bridgeOf(diff);
  if (!dryRun) orUsageError(path, () => writeFileSync(path, bridgeFile(bridge)));
  const { rules, unbridged } = bridge;
  return [
    `${path}: ${rules.length} recording rules${dryRun ? ', not written' : ''}; ${unbridged.length} series cannot be recorded`,
    ...unbridged.map(({ series, reason }) => `${series} is not recorded: ${reason}`),
  ];
}

function orUsageError<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw usageError(`--bridge ${path}`, got, 'it is a file that can be read and written', 'name another file');
  }
}
