/** What every format writes of a diff. */
import { visible } from '../../../../core/errors/visible.ts';
import type { UsageReport } from '../../usage/index.ts';
import type { Decision } from '../allowed.ts';
import type { Change, ContractDiff, Impact } from '../change.ts';

export interface DiffReport {
  /** As the command line calls them, without what may be secret. */
  readonly old: string;
  readonly next: string;
  readonly diff: ContractDiff;
  readonly decision: Decision;
  /** What could not be compared, one sentence each. */
  readonly notCompared: readonly string[];
  /** Of the files that use the contract. Undefined: none was named. */
  readonly usage?: UsageOfContract;
  /** Meterbridge's. */
  readonly version: string;
}

export interface UsageOfContract {
  readonly report: UsageReport;
  /** What `--fix` would write, as a unified diff. Undefined: it was not asked for. */
  readonly diff?: string;
  /** What was written, and what was not, one sentence each. */
  readonly notes: readonly string[];
}

/** In the order in which reports list them. */
export const impactOrder: readonly Impact[] = Object.freeze(['breaking', 'risky', 'safe']);

export function changesOf({ diff }: DiffReport, impact: Impact): readonly Change[] {
  return diff.changes.filter((change) => change.impact === impact);
}

export function countsOf(report: DiffReport): Readonly<Record<Impact, number>> {
  const [breaking = 0, risky = 0, safe = 0] = impactOrder.map((impact) => changesOf(report, impact).length);
  return { breaking, risky, safe };
}

/** `2 breaking (1 allowed), 0 risky, 3 safe`. */
export function countsText(report: DiffReport): string {
  const { breaking, risky, safe } = countsOf(report);
  const { size } = report.decision.allowed;
  return `${breaking} breaking${size === 0 ? '' : ` (${size} allowed)`}, ${risky} risky, ${safe} safe`;
}

/** What changed, in few words: `"ms" → "s"`. */
export function transition({ from, to }: Change): string {
  if (from === undefined) return to === undefined ? '' : `+ ${spelled(to)}`;
  return to === undefined ? `- ${spelled(from)}` : `${spelled(from)} → ${spelled(to)}`;
}

const longest = 200;

function spelled(value: string): string {
  if (value === '') return 'none';
  return value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
}

/** A unified diff for people: its lines and tabs stay, and other marks that a terminal would obey are spelled out. */
export function shownDiff(diff: string): string {
  return diff
    .split(/(\r?\n|\t)/)
    .map((part, at) => (at % 2 === 1 ? part : visible(part)))
    .join('');
}
