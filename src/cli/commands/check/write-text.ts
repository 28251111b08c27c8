import type { CheckFinding } from '../../../check/finding.ts';
import { visible } from '../../../errors/visible.ts';

/** One line a finding, and one that counts them. */
export function writeText(findings: readonly CheckFinding[]): string {
  const lines = findings.map(({ severity, id, source, line, column, got, rule, fix }) => {
    const place = [source, line, column].filter((part) => part !== undefined).join(':');
    return `${visible(`${place}: ${severity} ${id}: got ${got}; ${rule}. Fix: ${fix}.`)}\n`;
  });
  return `${lines.join('')}${findings.length} findings\n`;
}
