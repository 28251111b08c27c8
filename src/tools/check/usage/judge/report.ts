/**
 * What a change of a contract does to the files that use it: every expression that breaks, with its place, and what depends on
 * it.
 */
import type { ContractDiff } from '../../diff/change.ts';
import type { Breakage } from '../../promql/index.ts';
import { apply, type Text } from '../source/text.ts';
import type { Usage, UsedFile } from '../usage.ts';
import type { Entry, Rewrite, UsageCounts, UsageFinding, UsageProblem, UsageReport } from './finding.ts';
import { judge, mappingOf } from './judge.ts';
import { judgeLabels } from './labels.ts';
import { type Chain, dependents } from './records.ts';

interface Reported {
  readonly report: UsageReport;
  readonly rewrites: readonly Rewrite[];
}

/** @throws DEPENDENCY_MISSING when the grammar of PromQL is not installed */
export function reportUsage(usage: Usage, diff: ContractDiff): Reported {
  const entries: Entry[] = usage.files.flatMap((file) =>
    file.uses.expressions.map((used) => ({ file, used, judged: judge(used, diff) })),
  );
  const chains = dependents(entries);
  const unread = unreadOf(usage, entries);
  const found = entries.flatMap((entry) => findingOf(entry, chains.get(entry)) ?? []);
  const labels = judgeLabels(usage, entries, diff);
  const findings = inOrder(usage, [...found, ...labels.findings]);
  const rewrites = entries.flatMap(({ file, used, judged }) =>
    judged.edits.length === 0 ? [] : [{ file, text: used.text, edits: judged.edits, place: used.place }],
  );
  const withSeries = entries.filter(
    (entry) => chains.has(entry) || entry.judged.breakages.length > 0 || isOfContract(entry, diff),
  );
  const counts: UsageCounts = {
    files: usage.files.length,
    skipped: usage.skipped,
    dashboards: usage.files.reduce((sum, { uses }) => sum + uses.dashboards, 0),
    expressions: entries.length,
    withSeries: withSeries.length,
    broken: found.filter(({ impact }) => impact === 'breaking').length,
    risky: found.filter(({ impact }) => impact === 'risky').length,
    rewritable: found.filter(({ rewritten }) => rewritten !== undefined).length,
    notRewritable: found.filter(({ reasons }) => reasons.length > 0).length,
    unread: unread.length,
  };
  return { report: { counts, findings, unread }, rewrites: [...rewrites, ...labels.rewrites] };
}

const isOfContract = ({ judged }: Entry, diff: ContractDiff) => judged.names.some((name) => mappingOf(diff, name) !== undefined);

function unreadOf(usage: Usage, entries: readonly Entry[]): UsageReport['unread'] {
  const files = usage.unread.map(({ file, position, reason }) => ({ file, ...position, reason }));
  const expressions = entries.flatMap(({ file, used, judged: { error } }) => {
    if (error === undefined) return [];
    return [{ file: file.path, ...file.position(used.text.at(error.offset)), reason: `${used.place}: ${error.message}` }];
  });
  return [...files, ...expressions];
}

function findingOf({ file, used, judged }: Entry, chain: Chain | undefined): UsageFinding | undefined {
  if (judged.breakages.length === 0 && chain === undefined) return undefined;
  const problems = judged.breakages.map((breakage) => problemOf(file, used.text, breakage));
  const breaking = problems.some(({ impact }) => impact === 'breaking') || chain?.impact === 'breaking';
  const after = apply(used.text.text, judged.edits);
  const ofChain = chain === undefined || chain.rewritable ? [] : [`${chain.records.at(-1)} is not rewritten`];
  return {
    file: file.path,
    ...file.position(used.text.at(0)),
    place: used.place,
    kind: used.kind,
    expression: used.text.text,
    impact: breaking ? 'breaking' : 'risky',
    problems,
    through: chain?.records ?? [],
    ...(judged.edits.length === 0 ? {} : { rewritten: after }),
    notes: judged.notes ?? [],
    reasons: [...judged.reasons, ...ofChain],
  };
}

function problemOf(file: UsedFile, text: Text, { from, to, impact, series, label, value, message }: Breakage): UsageProblem {
  const named = { ...(label === undefined ? {} : { label }), ...(value === undefined ? {} : { value }) };
  return { ...file.position(text.at(from)), impact, part: text.text.slice(from, to), series, ...named, message };
}

function inOrder({ files }: Usage, findings: readonly UsageFinding[]): readonly UsageFinding[] {
  const at = new Map(files.map(({ path }, index) => [path, index]));
  const order = ({ file }: UsageFinding) => at.get(file) ?? 0;
  return findings.toSorted((a, b) => order(a) - order(b) || a.line - b.line || a.column - b.column);
}
