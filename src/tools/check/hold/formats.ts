/** One endpoint in several formats: what one shows, the others show too. */
import { shown } from '../../../core/errors/shown.ts';
import type { Kind } from '../../../core/naming/index.ts';
import type { CheckFinding } from '../finding.ts';
import type { Observed, ObservedFamily, ObservedFormat } from '../observed.ts';
import { bareSummaries, withSummaries } from './as-counters.ts';
import { withEscapedNames } from './escaped.ts';
import { ownLabels } from './labels.ts';
import { findingOf, type HoldRuleId, type Subject } from './rules.ts';

/** Text 0.0.4 has five types; a richer format has one of these in their place. */
const inText: Readonly<Partial<Record<Kind, Kind>>> = {
  info: 'gauge',
  stateset: 'gauge',
  updowncounter: 'gauge',
  gaugehistogram: 'histogram',
};

const withUnits: ReadonlySet<ObservedFormat> = new Set<ObservedFormat>(['openmetrics', 'protobuf']);

/**
 * Each format against the first one. A finding has the source of the later one. Series may have come and gone in between, so
 * their number is only a note.
 */
export function compareFormats(observed: readonly Observed[]): readonly CheckFinding[] {
  const escaped = observed.map(withEscapedNames);
  const summaries = new Set(escaped.flatMap(bareSummaries));
  const [first, ...others] = escaped.map((each) => withSummaries(each, summaries));
  return first === undefined ? [] : others.flatMap((other) => compareTwo(first, other));
}

function compareTwo(first: Observed, other: Observed): readonly CheckFinding[] {
  const findings: CheckFinding[] = [];
  for (const family of first.families.values()) {
    const same = other.families.get(family.name);
    if (same === undefined) findings.push(...onlyIn(first, other, family));
    else findings.push(...differences(first, other, family, same));
  }
  for (const family of other.families.values())
    if (!first.families.has(family.name)) findings.push(...onlyIn(other, first, family));
  return findings;
}

/** Protobuf cannot show a family without samples. */
function onlyIn(has: Observed, lacks: Observed, { name, line, series }: ObservedFamily): readonly CheckFinding[] {
  if (series === 0) return [];
  const got = `in ${has.format}, not in ${lacks.format}`;
  return [findingOf(has.source, 'formats-family', { line, family: name, got })];
}

function differences(first: Observed, other: Observed, a: ObservedFamily, b: ObservedFamily): readonly CheckFinding[] {
  const findings: CheckFinding[] = [];
  const find = (id: HoldRuleId, subject: Omit<Subject, 'family' | 'line'>) =>
    findings.push(findingOf(other.source, id, { line: b.line, family: b.name, ...subject }));
  const both = (one: string, two: string) => `${one} in ${first.format}, ${two} in ${other.format}`;
  const [one, two] = [inText[a.kind] ?? a.kind, inText[b.kind] ?? b.kind];
  if (one !== two) find('formats-type', { got: both(a.kind, b.kind) });
  const isTwo = a.counters !== undefined || b.counters !== undefined;
  if (a.help !== b.help && !isTwo) find('formats-help', { got: both(shown(a.help), shown(b.help)) });
  if (withUnits.has(first.format) && withUnits.has(other.format) && (a.unit ?? '') !== (b.unit ?? '')) {
    find('formats-unit', { got: both(shown(a.unit ?? ''), shown(b.unit ?? '')) });
  }
  if (a.series === 0 || b.series === 0) return findings;
  const [labels, others] = [ownLabels(a), ownLabels(b)];
  const differing = [...labels.filter((name) => !others.includes(name)), ...others.filter((name) => !labels.includes(name))];
  for (const label of differing) {
    const [has, lacks] = labels.includes(label) ? [first, other] : [other, first];
    find('formats-labels', { label, got: `in ${has.format}, not in ${lacks.format}` });
  }
  if (a.series !== b.series) find('formats-series', { got: both(`${a.series} series`, `${b.series}`) });
  return findings;
}
