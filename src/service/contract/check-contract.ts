/**
 * Holds what resources send against a contract. It concerns metrics of the meter that has the contract's name, and those whose
 * name the contract has or whose name begins with its; all others pass.
 */
import type { Batch } from '../../formats/otlp/batch/batch.ts';
import { metricAt } from '../../formats/otlp/batch/batch-index.ts';
import { BatchBuilder } from '../../formats/otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../formats/otlp/batch/rewrite/build-again.ts';
import { pointsIn, walk } from '../../formats/otlp/batch/walk.ts';
import type { Consume, NotTaken, Verdict } from '../component.ts';
import type { MemoryBudget } from '../memory/budget.ts';
import { createMemos } from '../processors/rewrite/memos.ts';
import { createFindRule, type FindRule } from './find-rule.ts';
import { createParameters, type Parameters } from './parameters.ts';
import { createReport, type Report, type ReportOptions } from './report.ts';
import { type Rule, rulesOf } from './rules.ts';

export interface ContractCheckOptions extends ReportOptions {
  /** Leaves out points that violate the contract, and reports them to the sender. */
  readonly refuse: boolean;
  /** Counts what it remembers. */
  readonly memory: MemoryBudget;
}

/** A metric's points in runs, so that those between them can be left out. */
type Runs = readonly (readonly [from: number, to: number])[];

/** A function for each receiver: its batches are its own. */
export function createContractCheck(options: ContractCheckOptions): (next: Consume) => Consume {
  const { contract, refuse, memory } = options;
  const memos = createMemos(memory);
  const parameters = createParameters();
  const rules = rulesOf(contract, memos, parameters);
  const report = createReport(options);
  return (next) => {
    const builder = new BatchBuilder();
    const find = createFindRule(contract, rules, memos);
    return (batch) => {
      const losing = brokenIn(batch, find, report, parameters);
      const left = refuse && losing.size > 0 ? without(losing, batch, builder) : batch;
      const lost = batch.points - left.points;
      if (lost === 0) return next(left);
      const own: NotTaken = { points: lost, why: `breaks the contract ${contract.name}` };
      const verdict = left.points === 0 ? undefined : next(left);
      return verdict instanceof Promise ? verdict.then((known) => both(own, known)) : both(own, verdict);
    };
  };
}

/** The metrics that lose points, by their offset, and the points that they keep. */
function brokenIn(batch: Batch, find: FindRule, report: Report, parameters: Parameters): ReadonlyMap<number, Runs> {
  const found = new Map<number, Runs>();
  walk(batch, {
    resource: parameters.begin,
    metric(m, s, r) {
      const rule = find(batch, s, m);
      const runs = rule && runsOf(batch, r, m, rule, report);
      if (runs !== undefined) found.set(m, runs);
    },
  });
  return found;
}

/** Undefined: all of its points may pass. */
function runsOf(batch: Batch, r: number, m: number, rule: Rule, report: Report): Runs | undefined {
  const whole = rule.metric(batch, m);
  if (whole !== undefined) {
    report(batch, r, m, whole, pointsIn(batch, m));
    return [];
  }
  if (rule.point === undefined) return undefined;
  const { index } = batch;
  const [first, end, stride] = [m + metricAt.size, index[m + metricAt.end] as number, index[m + metricAt.stride] as number];
  let runs: [number, number][] | undefined;
  let from = first;
  for (let p = first; p < end; p += stride) {
    const broken = rule.point(batch, p);
    if (broken === undefined) continue;
    report(batch, r, m, broken, 1);
    runs ??= [];
    if (p > from) runs.push([from, p]);
    from = p + stride;
  }
  if (runs !== undefined && from < end) runs.push([from, end]);
  return runs;
}

function without(losing: ReadonlyMap<number, Runs>, batch: Batch, builder: BatchBuilder): Batch {
  builder.clear();
  buildAgain(builder, batch, {
    metric(m) {
      const runs = losing.get(m);
      if (runs === undefined) builder.metric(m);
      else for (const [from, to] of runs) builder.somePoints(m, from, to);
      return true;
    },
  });
  return builder.end();
}

function both(own: NotTaken, other: Verdict): NotTaken {
  if (other === undefined || other.retryable === true || other.error !== undefined) return other ?? own;
  return { ...other, points: own.points + other.points, why: `${own.why}; ${other.why}` };
}
