/** The expressions that use a contract's series, in files: `meterbridge diff --usage`. */
export { bridgeFile, bridgeMark, bridgeOf } from './bridge/bridge.ts';
export { planFix } from './fix/plan.ts';
export { unifiedDiff } from './fix/unified-diff.ts';
export { writeFix } from './fix/write.ts';
export type { UsageReport } from './judge/finding.ts';
export { reportUsage } from './judge/report.ts';
export { usageMarkdown } from './report/markdown.ts';
export { usageText } from './report/text.ts';
export { readUsage } from './usage.ts';
