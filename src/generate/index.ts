export { type ContractDashboardOptions, contractDashboard, MOST_UID_CHARACTERS } from './dashboard/contract-dashboard.ts';
export { compactDashboard, type Dashboard, dashboard } from './dashboard/dashboard.ts';
export type { Panel, Query, Stat, Table, TimeSeries } from './dashboard/panels.ts';
export { unitOf } from './dashboard/units.ts';
export { buckets, labels, labelValue, legend, series } from './promql.ts';
export { type Alert, type RuleFile, ruleFile } from './rules/rule-file.ts';
