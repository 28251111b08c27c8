/** The labels of a family's series, and how many there are, against what the contract declares. */
import { closedLabels, valueFits } from '../../../core/contract/fits.ts';
import type { ClosedLabel, Label, LabelValue } from '../../../core/contract/index.ts';
import { isOptional } from '../../../core/contract/labels.ts';
import { WORKER_LABEL } from '../../../core/contract/metric.ts';
import type { CheckFinding } from '../finding.ts';
import type { ObservedFamily, ObservedLabel } from '../observed.ts';
import { exposedLabel, type Held } from './held.ts';
import { isTargetLabel, overflowLabel } from './known.ts';
import { shownList } from './shown-list.ts';

/** A label is near its limit from this part of it on. */
const near = 0.8;

export function labelFindings(held: Held): readonly CheckFinding[] {
  const { metric, family } = held;
  if (family.series === 0) return emptyFindings(held);
  const declared = Object.entries(metric.labels).flatMap(([name, label]) => {
    const seen = family.labels.get(exposedLabel(name, metric));
    return [...presence(held, name, seen), ...(seen === undefined ? [] : valueFindings(held, name, label, seen))];
  });
  return [...unknownLabels(held), ...declared, ...constantFindings(held), ...zeroFindings(held), ...overflowFindings(held)];
}

/** HELP and TYPE without a sample. */
function emptyFindings({ metric, find }: Held): readonly CheckFinding[] {
  if (!metric.zeroFilled) return [];
  if (metric.observed) return [find('contract-family-empty', '', { got: 'a family without series' })];
  return [find('contract-family-missing', '', { got: 'a family without series' })];
}

function unknownLabels({ metric, family, find }: Held): readonly CheckFinding[] {
  const known = new Set(
    [...Object.keys(metric.labels), ...Object.keys(metric.constantLabels)].map((name) => exposedLabel(name, metric)),
  );
  if (metric.across === 'worker') known.add(WORKER_LABEL);
  const unknown = [...family.labels].filter(
    ([name, { values }]) => !known.has(name) && name !== overflowLabel && !isTargetLabel(name) && !isEmpty(values),
  );
  const rule = `the labels are ${known.size === 0 ? 'none' : [...known].join(', ')}`;
  return unknown.map(([label, { values }]) => find('contract-label-unknown', '.labels', { label, got: shownList(values), rule }));
}

/** A label with an empty value is none for Prometheus. */
function isEmpty(values: ObservedLabel['values']): boolean {
  return values.size === 1 && values.has('');
}

/** Series that add up what was too much lack the others' labels. */
function presence({ metric, family, find }: Held, name: string, seen: ObservedLabel | undefined): readonly CheckFinding[] {
  const lacking = family.series - (seen?.series ?? 0) - (family.labels.get(overflowLabel)?.series ?? 0);
  if (lacking <= 0 || isOptional(metric, name)) return [];
  const label = exposedLabel(name, metric);
  return [find('contract-label-missing', `.labels.${name}`, { label, got: `${lacking} of ${family.series} series without it` })];
}

function valueFindings(held: Held, name: string, label: Label, seen: ObservedLabel): readonly CheckFinding[] {
  return label.kind === 'closed' ? outsideFindings(held, name, label, seen) : limitFindings(held, name, label, seen);
}

function outsideFindings(
  { metric, find }: Held,
  name: string,
  label: ClosedLabel<LabelValue>,
  seen: ObservedLabel,
): readonly CheckFinding[] {
  const outside = [...seen.values].filter((value) => !valueFits(label, value));
  if (outside.length === 0) return [];
  const rule = `the values are ${label.values.slice(0, 50).join(', ')}${label.values.length > 50 ? ', …' : ''}`;
  return [find('contract-value', `.labels.${name}`, { label: exposedLabel(name, metric), got: shownList(outside), rule })];
}

function limitFindings(
  { metric, find }: Held,
  name: string,
  { limit, other, maxBytes }: Exclude<Label, ClosedLabel<LabelValue>>,
  seen: ObservedLabel,
): readonly CheckFinding[] {
  const label = exposedLabel(name, metric);
  const findings: CheckFinding[] = [];
  const folded = seen.values.has(other);
  const count = seen.distinct - (folded ? 1 : 0);
  const got = `${count} values`;
  if (count > limit) {
    findings.push(find('contract-limit', `.labels.${name}.limit`, { label, got, rule: `the limit is ${limit}` }));
  } else if (folded && count === limit) {
    findings.push(
      find('contract-folded', `.labels.${name}.limit`, {
        label,
        got: `${got}, and ${other}`,
        rule: `beyond ${limit} values, ${other} has all others`,
      }),
    );
  } else if (count >= near * limit) {
    findings.push(find('contract-limit-near', `.labels.${name}.limit`, { label, got, rule: `the limit is ${limit}` }));
  }
  const long = [...seen.values].filter((value) => Buffer.byteLength(value) > maxBytes);
  if (long.length > 0) {
    const rule = `a value has at most ${maxBytes} bytes of UTF-8`;
    findings.push(find('contract-value-length', `.labels.${name}.maxBytes`, { label, got: shownList(long), rule }));
  }
  return findings;
}

function constantFindings({ metric, family, find }: Held): readonly CheckFinding[] {
  return Object.entries(metric.constantLabels).flatMap(([name, value]) => {
    const label = exposedLabel(name, metric);
    const seen = family.labels.get(label);
    // Of a value that the program decides, `parameters.ts` says whether it is one.
    const isFixed = typeof value === 'string';
    const others = [...(seen?.values ?? [])].filter((each) => (isFixed ? each !== value : each === ''));
    const lacking = family.series - (seen?.series ?? 0);
    if (others.length === 0 && lacking === 0) return [];
    const got = others.length > 0 ? shownList(others) : `${lacking} of ${family.series} series without it`;
    const rule = isFixed ? `it is ${JSON.stringify(value)} in every series` : 'every series has it';
    return [find('contract-constant-label', `.constantLabels.${name}`, { label, got, rule })];
  });
}

/**
 * Which combination is missing cannot be said from what a summary of a page keeps, but which values are, and how many
 * combinations.
 */
function zeroFindings({ metric, family, find }: Held): readonly CheckFinding[] {
  const closed = closedLabels(metric);
  if (!metric.zeroFilled || closed.length < Object.keys(metric.labels).length) return [];
  const findings = closed.flatMap(([name, { values }]) => {
    const label = exposedLabel(name, metric);
    const seen = family.labels.get(label)?.values;
    const absent = values.filter((value) => seen?.has(value) !== true);
    if (seen === undefined || absent.length === 0) return [];
    return [find('contract-zero-missing', `.labels.${name}`, { label, got: `no series with ${shownList(absent)}` })];
  });
  const expected = closed.reduce((product, [, { values }]) => product * values.length, 1);
  if (findings.length > 0 || family.series >= expected) return findings;
  return [
    find('contract-zero-missing', '', {
      got: `${family.series} series`,
      rule: `every combination of the closed sets is there: ${expected}`,
    }),
  ];
}

function overflowFindings({ family, find }: Held): readonly CheckFinding[] {
  const series = family.labels.get(overflowLabel)?.series ?? 0;
  return series === 0 ? [] : [find('contract-overflow', '', { label: overflowLabel, got: `${series} series` })];
}

/** Without those that say who was scraped. */
export function ownLabels({ labels }: ObservedFamily): readonly string[] {
  return [...labels.keys()].filter((name) => !isTargetLabel(name)).sort();
}
