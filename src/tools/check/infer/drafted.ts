/** A metric as it is drafted, and the contract that such metrics make. */
import type { Declared, HistogramDeclaration } from '../../../core/contract/declare.ts';
import type { Label } from '../../../core/contract/index.ts';
import { type ConstantLabels, type Contract, contract, fromJson } from '../../../core/contract/index.ts';

/** What the draft is written in. JSON can say more of foreign programs: types that nobody can declare, and quantiles. */
export type Language = 'ts' | 'json';

export interface Context {
  /** The contract's. */
  readonly name: string;
  readonly constant: ConstantLabels;
  /** Names of all families, in text 0.0.4. */
  readonly names: ReadonlySet<string>;
  readonly language: Language;
}

export interface DraftedMetric extends Declared {
  readonly declaration: HistogramDeclaration;
  /** Of a summary, in JSON alone. */
  readonly quantiles?: readonly number[];
}

export type DraftedMetrics = ReadonlyMap<string, DraftedMetric>;
export type Accepts = Readonly<Record<string, readonly string[]>>;

/** The contract, or why it is none. */
export function contractOf(metrics: DraftedMetrics, context: Context): Contract | string {
  try {
    if (context.language === 'json') return fromJson(documentOf(metrics, context, {}));
    return contract(context.name, Object.fromEntries(metrics), { constantLabels: context.constant }) as Contract;
  } catch (error) {
    return (error as Error).message;
  }
}

/** As `fromJson` reads it: what is the default is left out. */
export function documentOf(metrics: DraftedMetrics, { name, constant }: Context, accepts: Accepts) {
  return {
    name,
    ...(Object.keys(accepts).length > 0 && { accepts }),
    ...(Object.keys(constant).length > 0 && { constantLabels: constant }),
    metrics: Object.fromEntries([...metrics].map(([key, metric]) => [key, metricDocument(metric)])),
  };
}

function metricDocument({ kind, declaration, quantiles }: DraftedMetric) {
  const { labels, ...rest } = declaration;
  return {
    kind,
    ...rest,
    ...(labels !== undefined && {
      labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, labelDocument(label)])),
    }),
    ...(quantiles !== undefined && { quantiles }),
  };
}

const defaultOther = 'other';
const defaultBytes = 256;

function labelDocument(label: Label) {
  if (label.kind === 'closed') return { kind: label.kind, values: label.values };
  const { kind, limit, other, maxBytes, optional } = label;
  return {
    kind,
    limit,
    ...(other !== defaultOther && { other }),
    ...(maxBytes !== defaultBytes && { maxBytes }),
    ...(optional && { optional }),
  };
}
