/** A metric's labels as expressions see them: by their exposed name, constant ones and `worker` among them. */
import type { CappedLabel, ClosedLabel, IdentityLabel, LabelValue, Metric, Parameter } from '../../../core/contract/index.ts';
import { labelName } from '../../../core/naming/index.ts';

export interface ConstantLabel {
  readonly kind: 'constant';
  /** One. */
  readonly values: readonly string[];
}

export type SeenLabel = ClosedLabel<LabelValue> | CappedLabel<LabelValue> | IdentityLabel<LabelValue> | ConstantLabel | Parameter;

export interface LabelOfMetric {
  /** As expressions name it. */
  readonly name: string;
  /** As the contract names it. */
  readonly declared: string;
  /** Below the metric, such as `labels.status`. */
  readonly at: string;
  readonly label: SeenLabel;
}

/** By exposed name, declared ones first. */
export type LabelSet = ReadonlyMap<string, LabelOfMetric>;

export function labelSet(metric: Metric): LabelSet {
  const all = new Map<string, LabelOfMetric>();
  for (const [declared, label] of Object.entries(metric.labels)) {
    const name = exposedLabel(declared, metric);
    all.set(name, { name, declared, at: `labels.${declared}`, label });
  }
  for (const [declared, given] of Object.entries(metric.constantLabels)) {
    const name = exposedLabel(declared, metric);
    const label: SeenLabel = typeof given === 'string' ? { kind: 'constant', values: [given] } : given;
    all.set(name, { name, declared, at: `constantLabels.${declared}`, label });
  }
  return all;
}

/** Foreign names, and those of a verbatim metric, are exposed as they are. */
export function exposedLabel(name: string, { verbatim }: Metric): string {
  return verbatim === true || /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : labelName(name);
}

/** The values that the contract lists; undefined: it lists none. */
export function listedValues(label: SeenLabel): readonly string[] | undefined {
  return label.kind === 'closed' || label.kind === 'constant' ? label.values : undefined;
}

export function shownLabel(label: SeenLabel): string {
  switch (label.kind) {
    case 'constant':
      return `constant ${JSON.stringify(label.values[0] ?? '')}`;
    case 'parameter':
      return 'constant, the program decides';
    case 'closed':
      return `closed set of ${label.values.length}`;
    default:
      return `${label.kind}, ${label.limit} at most`;
  }
}
