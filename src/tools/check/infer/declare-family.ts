/** A family as a declaration, or the reason why there is none. */
import type { HistogramDeclaration } from '../../../core/contract/declare.ts';
import type { Label } from '../../../core/contract/index.ts';
import type { Kind } from '../../../core/naming/index.ts';
import type { ObservedFamily } from '../observed.ts';
import { type Context, contractOf, type DraftedMetric, type Language } from './drafted.ts';
import { labelFor, seenLabels } from './labels.ts';
import { namings } from './names.ts';
import { toBeWritten } from './to-be-written.ts';

const declared: readonly Kind[] = ['counter', 'updowncounter', 'gauge', 'histogram', 'summary', 'info'];
const foreign: readonly Kind[] = ['unknown', 'stateset', 'gaugehistogram'];
const bucketed: readonly Kind[] = ['histogram', 'gaugehistogram'];

/** @param taken instruments of other metrics */
export function declareFamily(
  family: ObservedFamily,
  key: string,
  context: Context,
  taken: Pick<ReadonlySet<string>, 'has'>,
): DraftedMetric | string {
  const reason = reasonAgainst(family, context.language);
  if (reason !== undefined) return reason;
  const seen = seenLabels(family, new Set(Object.keys(context.constant)));
  const kind = kindOf(family);
  const labels = Object.fromEntries([...seen].map(([name, label]) => [name, labelFor(name, label, { kind, name: family.name })]));
  const bounds = boundsOf(family);
  const rest = {
    help: (family.help ?? '').trim() === '' ? toBeWritten(family.name) : (family.help as string),
    ...(seen.size > 0 && { labels }),
    ...(bucketed.includes(kind) && bounds.length > 0 && { bounds }),
    ...(kind === 'histogram' && family.native && { exponential: {} }),
    ...zeros(kind, labels, family),
  };
  const drafts = namings(family, kind, key, seen.keys(), context).map((naming): DraftedMetric => {
    const declaration: HistogramDeclaration = { ...naming, ...rest };
    return { kind, declaration, ...(family.quantiles.length > 0 && { quantiles: family.quantiles }) };
  });
  let problem = '';
  for (const draft of drafts) {
    const made = contractOf(new Map([[key, draft]]), context);
    if (typeof made === 'string') problem ||= made;
    else if (taken.has(instrumentKey(made.metrics[key]?.instrument ?? ''))) problem ||= 'another metric has its instrument';
    else return draft;
  }
  return problem;
}

/** Names of instruments do not differ in case alone (OpenTelemetry API, "Instrument name syntax"). */
export function instrumentKey(instrument: string): string {
  return instrument.toLowerCase();
}

function reasonAgainst(family: ObservedFamily, language: Language): string | undefined {
  const { kind, quantiles, native } = family;
  if (!declared.includes(kind) && !(language === 'json' && foreign.includes(kind)))
    return `its type is ${kind}, and a contract has none of it`;
  if (family.series === 0) return 'it has no series yet, so its labels are not known';
  if (language === 'ts' && quantiles.length > 0) {
    return 'a contract has no quantiles: take a histogram, whose quantiles Prometheus works out over all processes';
  }
  if (kind === 'gaugehistogram' && !native && boundsOf(family).length === 0) return 'it has no bounds but +Inf';
  return undefined;
}

/** Without bounds, a histogram has sum and count, as a contract's summary. Constant labels count: an info may have them alone. */
function kindOf(family: ObservedFamily): Kind {
  const { kind, name, ones, series, labels } = family;
  if (kind === 'histogram' && !family.native && boundsOf(family).length === 0) return 'summary';
  const isLevel = kind === 'gauge' || kind === 'updowncounter';
  const isLabelled = [...labels.values()].some(({ values }) => [...values].some((value) => value !== ''));
  return isLevel && name.endsWith('_info') && isLabelled && ones === series ? 'info' : kind;
}

function boundsOf({ bounds }: ObservedFamily): readonly number[] {
  return [...new Set(bounds.flat())].filter(Number.isFinite).sort((a, b) => a - b);
}

/** What was there without labels, or in every combination of its closed sets, is there from the start. */
function zeros(
  kind: Kind,
  labels: Readonly<Record<string, Label>>,
  { series }: ObservedFamily,
): Pick<HistogramDeclaration, 'zeroFilled'> {
  if (kind === 'info' || foreign.includes(kind)) return {};
  const sets = Object.values(labels);
  if (sets.length === 0) return kind === 'counter' || kind === 'updowncounter' ? {} : { zeroFilled: true };
  if (kind === 'histogram' || kind === 'summary' || sets.some((label) => label.kind !== 'closed')) return {};
  const combinations = sets.reduce((all, label) => all * (label.kind === 'closed' ? label.values.length : 1), 1);
  return combinations === series ? {} : { zeroFilled: false };
}
