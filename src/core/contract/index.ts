export {
  type AnyDeclaration,
  type CounterDeclaration,
  counter,
  type Declaration,
  type Declarations,
  type Declared,
  type GaugeDeclaration,
  gauge,
  type HistogramDeclaration,
  histogram,
  info,
  type SummaryDeclaration,
  summary,
  upDownCounter,
} from './declare.ts';
export { type ContractOptions, contract, type Resolved } from './define.ts';
export { difference } from './equal.ts';
export { fromJson } from './from-json.ts';
export { type ConstantLabelJson, type ContractJson, type LabelJson, type MetricJson, toJson } from './json.ts';
export { type BoundOptions, capped, identity, oneOf, parameter } from './labels.ts';
export { type Finding, lint, lintIds } from './lint.ts';
export type {
  Across,
  CappedLabel,
  ClosedLabel,
  ConstantLabel,
  ConstantLabels,
  Contract,
  Exponential,
  IdentityLabel,
  Label,
  Labels,
  LabelValue,
  LabelValues,
  Metric,
  Metrics,
  NoLabels,
  Parameter,
  Stability,
  TextCounters,
} from './metric.ts';
