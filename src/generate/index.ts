export { type Dashboard, dashboard } from './dashboard.ts';
export { type Panel, type Query, type Stat, type Table, type TimeSeries, unitOf } from './panels.ts';
export { buckets, labels, labelValue, legend, series } from './promql.ts';
export { type Alert, type RuleFile, ruleFile } from './rules.ts';
