/** The expressions that use a contract's series, in files: `meterbridge diff --usage`. */
export { type Bridge, type BridgeRule, bridgeFile, bridgeOf, type Unbridged } from './bridge/bridge.ts';
export { type FilePlan, type FixPlan, type NotWritten, planFix } from './fix/plan.ts';
export { unifiedDiff } from './fix/unified-diff.ts';
export { type Written, writeFix } from './fix/write.ts';
export {
  type Reported,
  type Rewrite,
  reportUsage,
  type UsageCounts,
  type UsageFinding,
  type UsageProblem,
  type UsageReport,
} from './judge/report.ts';
export { usageMarkdown } from './report/markdown.ts';
export { usageText } from './report/text.ts';
export { defaultLimits, type Limits } from './source/files.ts';
export { readUsage, type Usage } from './usage.ts';
