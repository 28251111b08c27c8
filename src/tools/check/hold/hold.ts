/** What a program exposes, held against a contract: every family, each of its parts, and what is missing. */
import { beginsAs } from '../../../core/contract/fits.ts';
import type { Contract, Metric } from '../../../core/contract/index.ts';
import { nearest } from '../../../core/errors/nearest.ts';
import type { CheckFinding } from '../finding.ts';
import type { Observed, ObservedFamily } from '../observed.ts';
import { countersOf, withSummaries } from './as-counters.ts';
import { withEscapedNames } from './escaped.ts';
import { type Held, heldOf } from './held.ts';
import { isKnownFamily, isRuntimeFamily } from './known.ts';
import { labelFindings } from './labels.ts';
import { parameterFindings } from './parameters.ts';
import { findingOf } from './rules.ts';
import { shapeFindings } from './shape.ts';

export interface HoldOptions {
  /** Every family but those of the runtime is of the contract, whatever its name begins with. Default: false. */
  readonly only?: boolean;
  /** Another help than the contract's is an error, and no note. Default: false. */
  readonly strictHelp?: boolean;
}

/** @returns what breaks the contract, and notes, family by family in the contract's order; unknown families come last */
export function holdToContract(given: Observed, contract: Contract, options: HoldOptions = {}): readonly CheckFinding[] {
  const { only = false, strictHelp = false } = options;
  const observed = withSummaries(withEscapedNames(given), countersOf(contract));
  const { source, format } = observed;
  const families = byName(observed);
  const taken = new Set<ObservedFamily>();
  const findings: CheckFinding[] = [];
  const all: Held[] = [];
  for (const [key, metric] of Object.entries(contract.metrics)) {
    const at = `${contract.name}.metrics.${key}`;
    const family = families(metric);
    if (family === undefined) {
      findings.push(absent(source, metric, at));
      continue;
    }
    taken.add(family);
    const held = heldOf(source, format, metric, family, at);
    const shape = shapeFindings(held);
    const isOther = shape.some(({ id }) => id === 'contract-type');
    findings.push(...shape, ...(isOther ? [] : labelFindings(held)));
    if (!isOther) all.push(held);
  }
  findings.push(...parameterFindings(observed, all), ...unknownFamilies(observed, contract, taken, only));
  if (!strictHelp) return findings;
  return findings.map((finding) => (finding.id === 'contract-help' ? { ...finding, severity: 'error' as const } : finding));
}

/**
 * OTLP has the instrument's name; a page has the series'. A verbatim series need not be the one that its instrument comes out
 * under.
 */
function byName({ families, format }: Observed): (metric: Metric) => ObservedFamily | undefined {
  if (format !== 'otlp') return ({ series }) => families.get(series);
  const instruments = new Map([...families.values()].map((family) => [family.instrument?.name ?? family.name, family]));
  return ({ instrument, series, verbatim }) => {
    const family = families.get(series);
    if (family?.instrument?.name === instrument) return family;
    return instruments.get(instrument) ?? (verbatim === true ? family : undefined);
  };
}

/** What must be there is missing; anything else may be absent until it has a value. */
function absent(source: string, metric: Metric, at: string): CheckFinding {
  const { series, zeroFilled, omitEmpty, across, labels } = metric;
  const isMissing = zeroFilled && !omitEmpty && across !== 'omit';
  const subject = { family: series, contract: at, got: 'no such family' };
  if (isMissing) return findingOf(source, 'contract-family-missing', subject);
  const reason = omitEmpty
    ? 'the contract omits the metric while it is empty'
    : across === 'omit'
      ? 'the contract omits the metric from a scrape of several processes'
      : Object.keys(labels).length === 0
        ? 'the metric is absent until it has a value'
        : 'the metric has no series until one is recorded';
  return findingOf(source, 'contract-family-absent', { ...subject, rule: reason });
}

function unknownFamilies(
  { source, families, format }: Observed,
  contract: Contract,
  taken: ReadonlySet<ObservedFamily>,
  only: boolean,
): readonly CheckFinding[] {
  const isOwn = beginsAs(contract);
  const nameOf = ({ name, instrument }: ObservedFamily) => (format === 'otlp' ? (instrument?.name ?? name) : name);
  const declared = Object.values(contract.metrics).map(({ series, instrument }) => (format === 'otlp' ? instrument : series));
  const missing = declared.filter((name) => ![...taken].some((family) => nameOf(family) === name));
  return (
    [...families.values()]
      .filter((family) => !taken.has(family) && !isKnownFamily(family.name))
      // What has no series yet cannot be drafted, for its labels are not known.
      .filter(({ series }) => series > 0)
      .filter(
        (family) =>
          isOwn(nameOf(family)) || family.instrument?.scope === contract.name || (only && !isRuntimeFamily(family.name)),
      )
      .map((family) => {
        const meant = nearest(nameOf(family), missing);
        const fix = meant === undefined ? undefined : `rename it to ${meant}, or declare it`;
        const subject = { line: family.line, family: family.name, contract: `${contract.name}.metrics` };
        return findingOf(source, 'contract-family-unknown', { ...subject, got: nameOf(family), fix });
      })
  );
}
