/** A family of an exposition as a declaration, or the reason why there is none. */
import type { Declared, HistogramDeclaration } from '../../contract/declare.ts';
import { contract, type Label } from '../../contract/index.ts';
import { resolveMetric } from '../../contract/resolve.ts';
import type { ParsedFamily } from '../../exposition/index.ts';
import { instrumentFor, type Kind } from '../../naming/index.ts';
import { labelFor, type SeenLabels, seenLabels } from './labels.ts';

export interface Context {
  /** The contract's. */
  readonly name: string;
  readonly constant: Readonly<Record<string, string>>;
  /** Names of all families, in text 0.0.4. */
  readonly names: ReadonlySet<string>;
}

export interface DraftedMetric extends Declared {
  readonly declaration: HistogramDeclaration;
}

const drafted: readonly string[] = ['counter', 'gauge', 'histogram', 'summary'];
/** What both separators of a contract's labels are made of. */
const plainLabel = /^[a-zA-Z][a-zA-Z0-9]*(_[a-zA-Z0-9]+)*$/;

/** `series`: its name in text 0.0.4. */
export function declareFamily(family: ParsedFamily, series: string, key: string, context: Context): DraftedMetric | string {
  if (!drafted.includes(family.kind)) return `its type is ${family.kind}, and a contract has none of it`;
  const seen = seenLabels(family, new Set(Object.keys(context.constant)));
  const reason = seen.series === 0 ? 'it has no series yet, so its labels are not known' : reasonAgainst(family);
  if (reason !== undefined) return reason;
  const kind = kindOf(family, series, seen);
  const labels = Object.fromEntries(seen.names.map((name) => [name, labelFor(name, seen, kind)]));
  const declaration = {
    ...namesFor(series, kind, key, seen, context),
    help: (family.help ?? '').trim() === '' ? `${series}: describe what it measures.` : (family.help as string),
    ...(seen.names.length > 0 && { labels }),
    ...(kind === 'histogram' && { bounds: boundsOf(family) }),
    ...zeros(kind, labels, seen),
  };
  const problem = problemOf(key, { kind, declaration }, context);
  return problem ?? { kind, declaration };
}

function reasonAgainst(family: ParsedFamily): string | undefined {
  const hasQuantiles = family.kind === 'summary' && family.samples.some(({ labels }) => labels.some(([name]) => name === 'quantile'));
  if (hasQuantiles) return 'a contract has no quantiles: take a histogram, whose quantiles Prometheus works out over all processes';
  if (family.kind === 'histogram' && boundsOf(family).length === 0) return 'it has no bounds but +Inf';
  return undefined;
}

function kindOf({ kind, samples }: ParsedFamily, series: string, { names }: SeenLabels): Kind {
  const isInfo = kind === 'gauge' && series.endsWith('_info') && names.length > 0 && samples.length === 1 && samples[0]?.value === 1;
  return isInfo ? 'info' : kind;
}

/** As little as brings the name out: nothing but the unit, the series, or the series as it is. */
function namesFor(series: string, kind: Kind, key: string, seen: SeenLabels, { name, names }: Context): Partial<HistogramDeclaration> {
  const family = series.replace(/_total$/, '');
  const isTaken = kind === 'counter' && family !== series && (names.has(family) || names.has(`${family}_created`));
  const declared = instrumentFor(series, kind);
  if (declared === undefined || isTaken || !seen.names.every((label) => plainLabel.test(label) && !['le', 'quantile'].includes(label))) {
    return { series, verbatim: true };
  }
  const unit = declared.unit === '' ? {} : { unit: declared.unit };
  const byKey = resolveMetric(name, key, { kind, declaration: { help: '', ...unit } }, {});
  return byKey.series === series ? unit : { series, ...unit };
}

function boundsOf({ samples }: ParsedFamily): readonly number[] {
  const bounds = samples.flatMap(({ labels }) => labels.filter(([name]) => name === 'le').map(([, bound]) => Number(bound)));
  return [...new Set(bounds)].filter(Number.isFinite).sort((a, b) => a - b);
}

/** prom-client shows what has no labels at 0 from the start, and nothing else. */
function zeros(kind: Kind, labels: Readonly<Record<string, Label>>, seen: SeenLabels): Pick<HistogramDeclaration, 'zeroFilled'> {
  if (kind === 'info') return {};
  const sets = Object.values(labels);
  if (sets.length === 0) return kind === 'counter' ? {} : { zeroFilled: true };
  if (kind === 'histogram' || kind === 'summary' || sets.some((label) => label.kind !== 'closed')) return {};
  const combinations = sets.reduce((all, label) => all * (label.kind === 'closed' ? label.values.length : 1), 1);
  return combinations === seen.series ? {} : { zeroFilled: false };
}

function problemOf(key: string, declared: DraftedMetric, { name, constant }: Context): string | undefined {
  try {
    contract(name, { [key]: declared }, { constantLabels: constant });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
