/** Type, unit, help and buckets of a family: what all of its series have in common. */
import { kindFits, sameNumbers } from '../../../core/contract/fits.ts';
import { shown } from '../../../core/errors/shown.ts';
import { type Kind, unitWord } from '../../../core/naming/index.ts';
import type { CheckFinding } from '../finding.ts';
import { toBeWritten } from '../infer/to-be-written.ts';
import type { ObservedFormat } from '../observed.ts';
import type { Held } from './held.ts';
import { shownNumbers } from './shown-list.ts';

export function shapeFindings(held: Held): readonly CheckFinding[] {
  const { metric, family, find } = held;
  if (isBareHistogram(held)) {
    return [
      find('contract-summary-histogram', '', { got: 'a histogram without bounds' }),
      ...unitFindings(held),
      ...helpFindings(held),
    ];
  }
  if (!kindFits(metric, family.kind)) {
    const got = family.kind === 'unknown' ? 'no type' : family.kind;
    // What follows from another type would only repeat it.
    return [
      find('contract-type', '', { got, rule: `${article(metric.kind)} is ${seen(metric.kind, held.format)}` }),
      ...helpFindings(held),
    ];
  }
  return [
    ...countersFindings(held),
    ...unitFindings(held),
    ...helpFindings(held),
    ...boundFindings(held),
    ...quantileFindings(held),
  ];
}

/** Whoever passes it on, such as a Collector, knows the summary alone. */
function countersFindings({ metric, family, format, find }: Held): readonly CheckFinding[] {
  if (metric.counters === undefined || format !== 'text' || family.counters !== undefined) return [];
  return [find('contract-summary-counters', '.counters', { got: 'a summary' })];
}

/** A summary as OpenTelemetry's SDKs push one. */
function isBareHistogram({ metric, family }: Held): boolean {
  if (metric.kind !== 'summary' || (metric.quantiles ?? []).length > 0 || family.kind !== 'histogram' || family.native)
    return false;
  return family.bounds.every((bounds) => bounds.length === 0);
}

/**
 * Each series has some of the bounds, all of them together have all, and none has all by itself: nothing has been left out of a
 * list that was whole.
 */
function areParts(declared: readonly number[], lists: readonly (readonly number[])[]): boolean {
  const all = new Set(lists.flat());
  const areKnown = lists.every(
    (list) => list.length > 0 && list.length < declared.length && list.every((bound) => declared.includes(bound)),
  );
  return areKnown && all.size === declared.length;
}

function article(kind: Kind): string {
  const words = kind === 'updowncounter' ? 'up-down counter' : kind;
  return `${/^[aiu]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** Up-down counters and infos are gauges in every format of Prometheus. */
function seen(kind: Kind, format: ObservedFormat): string {
  return format !== 'otlp' && (kind === 'updowncounter' || kind === 'info') ? 'exposed as a gauge' : 'seen as one';
}

/** Text 0.0.4 has no units, in OpenMetrics and protobuf a unit may be left out, and in OTLP no unit is the empty one. */
function unitFindings({ metric, family, format, find }: Held): readonly CheckFinding[] {
  if (format === 'text' || (family.unit === undefined && format !== 'otlp')) return [];
  const unit = format === 'otlp' ? metric.unit : unitWord(metric.unit);
  const got = family.unit ?? '';
  if (got === unit) return [];
  return [find('contract-unit', '.unit', { got: shown(got), rule: `the unit is ${unit === '' ? 'none' : shown(unit)}` })];
}

function helpFindings(held: Held): readonly CheckFinding[] {
  const { metric, family, find } = held;
  if (family.counters !== undefined) return counterHelpFindings(held);
  if ((family.help ?? '') === metric.help) return [];
  if ((family.help ?? '').trim() === '' && metric.help === toBeWritten(family.name)) return [];
  const got = family.help === undefined ? 'no help' : shown(family.help, 300);
  return [find('contract-help', '.help', { got, rule: `the help is ${shown(metric.help, 300)}` })];
}

/** Of the two counters that a summary is in text 0.0.4. */
function counterHelpFindings({ metric: { counters }, family, find }: Held): readonly CheckFinding[] {
  return (['sum', 'count'] as const).flatMap((key) => {
    const [seenHelp, declared] = [family.counters?.[key].help, counters?.[key]];
    if (declared === undefined || (seenHelp ?? '') === declared) return [];
    const got = seenHelp === undefined ? 'no help' : shown(seenHelp, 300);
    return [
      find('contract-help', `.counters.${key}`, { got, rule: `the help of ${family.name}_${key} is ${shown(declared, 300)}` }),
    ];
  });
}

function boundFindings(held: Held): readonly CheckFinding[] {
  const { metric, family, format, find } = held;
  if (metric.kind !== 'histogram' || family.series === 0) return [];
  const findings: CheckFinding[] = [];
  const other = family.bounds.find((bounds) => !sameNumbers(bounds, metric.bounds));
  // Of exponential buckets, text shows bounds that depend on the values, and protobuf may, too.
  if (other !== undefined && areParts(metric.bounds, family.bounds)) {
    const got = family.bounds.map(shownNumbers).join('; ');
    findings.push(find('contract-bounds-differ', '.bounds', { got }));
  } else if (metric.bounds.length > 0 && other !== undefined) {
    const got = other.length === 0 ? 'the bucket +Inf alone' : shownNumbers(other);
    findings.push(find('contract-bounds', '.bounds', { got, rule: `the bounds are ${shownNumbers(metric.bounds)}` }));
  } else if (metric.bounds.length > 0 && family.bounds.length === 0 && !family.native) {
    findings.push(
      find('contract-bounds', '.bounds', { got: 'no bounds', rule: `the bounds are ${shownNumbers(metric.bounds)}` }),
    );
  }
  if (metric.exponential === undefined && family.native) {
    findings.push(find('contract-exponential', '', { got: 'exponential buckets', rule: 'the contract declares bounds alone' }));
  }
  // A push sends one of both forms.
  const mustBeNative = format === 'protobuf' || (format === 'otlp' && metric.bounds.length === 0);
  if (metric.exponential !== undefined && mustBeNative && !family.native) {
    findings.push(
      find('contract-exponential', '.exponential', { got: 'no exponential buckets', rule: 'the contract declares them' }),
    );
  }
  return findings;
}

function quantileFindings({ metric, family, find }: Held): readonly CheckFinding[] {
  const declared = metric.quantiles ?? [];
  if (metric.kind !== 'summary' || family.series === 0 || sameNumbers(family.quantiles, declared)) return [];
  const rule = declared.length === 0 ? 'the summary has sum and count alone' : `the quantiles are ${shownNumbers(declared)}`;
  return [find('contract-quantiles', declared.length === 0 ? '' : '.quantiles', { got: shownNumbers(family.quantiles), rule })];
}
