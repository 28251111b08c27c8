/**
 * Labels that files name outside expressions: what they refer to may be gone. A rewritten expression has the old labels in its
 * result, so nothing refers to what is not there.
 */
import type { ContractDiff, Mapping } from '../../diff/change.ts';
import type { UsedExpression, UsedLabel } from '../read/use.ts';
import type { Edit } from '../source/text.ts';
import type { Usage, UsedFile } from '../usage.ts';
import type { Entry, Rewrite, UsageFinding } from './finding.ts';
import { mappingOf } from './judge.ts';

interface Found {
  readonly findings: readonly UsageFinding[];
  readonly rewrites: readonly Rewrite[];
}

interface Context {
  readonly diff: ContractDiff;
  readonly byUse: ReadonlyMap<UsedExpression, Entry>;
  /** Label → alerts whose expressions lose it. */
  readonly alerts: ReadonlyMap<string, ReadonlySet<string>>;
}

export function judgeLabels(usage: Usage, entries: readonly Entry[], diff: ContractDiff): Found {
  const context: Context = { diff, byUse: new Map(entries.map((entry) => [entry.used, entry])), alerts: alertsOf(entries) };
  const findings: UsageFinding[] = [];
  const rewrites: Rewrite[] = [];
  for (const file of usage.files) {
    for (const label of file.uses.labels) {
      const {
        message,
        edit,
        impact = 'risky',
        series = [],
      } = label.kind === 'variable' ? ofVariable(label, context) : ofResult(label, context);
      if (message === undefined) continue;
      if (edit !== undefined) rewrites.push({ file, text: label.name, edits: [edit], place: label.place });
      findings.push(findingOf(file, label, { message, edit, impact, series }));
    }
  }
  return { findings, rewrites };
}

interface Verdict {
  readonly series?: readonly string[];
  readonly message?: string;
  readonly edit?: Edit | undefined;
  readonly impact?: 'breaking' | 'risky';
}

/** Labels that an expression's result has no more, or has otherwise. */
function lostBy({ judged, used }: Entry): readonly string[] {
  if (judged.reasons.length === 0) return [];
  const labels = judged.breakages.flatMap(({ label }) => label?.split(', ') ?? []);
  return labels.filter((label) => used.sets?.includes(label) !== true);
}

function alertsOf(entries: readonly Entry[]): Context['alerts'] {
  const alerts = new Map<string, Set<string>>();
  for (const entry of entries) {
    if (entry.used.alert === undefined) continue;
    for (const label of lostBy(entry)) alerts.set(label, (alerts.get(label) ?? new Set()).add(entry.used.alert));
  }
  return alerts;
}

function ofResult({ name: { text: name }, of, alert, kind }: UsedLabel, { byUse, alerts }: Context): Verdict {
  if (of === undefined) {
    const losing = [...(alerts.get(name) ?? [])].filter((one) => alert === undefined || one === alert);
    if (losing.length === 0) return {};
    const what = kind === 'expectation' ? 'the test expects' : 'it decides by';
    return {
      message: `${what} the label ${name}, which is changed for the alert ${losing.join(', ')}, whose expression is not rewritten`,
    };
  }
  const loses = of.some((used) => {
    const entry = byUse.get(used);
    return entry !== undefined && lostBy(entry).includes(name);
  });
  return loses ? { message: `it shows the label ${name}, which is changed, of an expression that is not rewritten` } : {};
}

/** `label_values(series, label)` lists values of the new label. */
function ofVariable({ name: { text: name }, of }: UsedLabel, { diff, byUse }: Context): Verdict {
  const own = of?.flatMap((used) => byUse.get(used)?.judged.names ?? []).flatMap((metric) => mappingOf(diff, metric) ?? []);
  const mappings = (own ?? [...diff.mappings.values()]).filter((mapping) => mapping.labels.has(name));
  const news = new Set(mappings.map((mapping) => newName(mapping, name)));
  if (mappings.length === 0 || (news.size === 1 && news.has(name))) return {};
  const [only] = news;
  if (news.size === 1 && only !== undefined) {
    const series = seriesOf(mappings);
    const message = `the label ${name} of ${series.join(', ')} is now ${only}`;
    // Without a series, the values may be those of other programs, too.
    if (own === undefined) return { message, series };
    // A name that another label had: nothing says whether it is the old one's or the new one's.
    const isKept =
      mappings.some(({ labels }) => labels.has(only)) || of?.some((used) => byUse.get(used)?.judged.reasons.length !== 0);
    const edit = isKept ? undefined : { from: 0, to: name.length, text: only };
    return { message, edit, series, impact: 'breaking' };
  }
  const lost = mappings.filter((mapping) => newName(mapping, name) !== name);
  const series = seriesOf(lost);
  return {
    series,
    message: `the label ${name} of ${series.join(', ')} is removed, or has another name`,
    impact: own === undefined ? 'risky' : 'breaking',
  };
}

const newName = ({ labels, to }: Mapping, name: string) => (to === undefined ? undefined : labels.get(name));
const seriesOf = (mappings: readonly Mapping[]) => [...new Set(mappings.map(({ from }) => from.series))];

function findingOf(
  file: UsedFile,
  { kind, place, name }: UsedLabel,
  { message, edit, impact, series }: Verdict & { message: string; impact: 'breaking' | 'risky'; series: readonly string[] },
): UsageFinding {
  const position = file.position(name.at(0));
  return {
    file: file.path,
    ...position,
    place,
    kind,
    expression: name.text,
    impact,
    problems: [{ ...position, impact, part: name.text, series, label: name.text, message }],
    through: [],
    ...(edit === undefined ? {} : { rewritten: edit.text }),
    notes: [],
    reasons: edit === undefined ? ['a label is not rewritten where its expression, or another program, may still have it'] : [],
  };
}
