/** The findings of OTLP: each rule once a metric, with the line of the first case and how many there were. */
import type { CheckFinding } from '../finding.ts';
import { type OtlpRuleId, otlpRules } from './rules.ts';

/** What a finding is about. */
export interface Place {
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The family's name in text 0.0.4. */
  readonly family?: string | undefined;
  /** In place of the rule's own. */
  readonly fix?: string | undefined;
}

export interface Report {
  /** `about`: cases of one rule about the same thing are one finding. */
  add(id: OtlpRuleId, about: string, got: string, place?: Place): void;
  /** In the order of the first cases. */
  readonly findings: readonly CheckFinding[];
}

interface Case {
  readonly finding: CheckFinding;
  times: number;
}

/** More are not kept. */
const mostFindings = 10_000;

export function createReport(source: string): Report {
  const cases = new Map<string, Case>();
  return {
    add(id, about, got, { line, column, family, fix } = {}) {
      const key = `${id} ${about}`;
      const known = cases.get(key);
      if (known !== undefined) known.times++;
      else if (cases.size < mostFindings) {
        const at = {
          ...(line !== undefined && { line }),
          ...(column !== undefined && { column }),
          ...(family !== undefined && { family }),
        };
        const rule = otlpRules[id];
        cases.set(key, { finding: { id, ...rule, ...(fix !== undefined && { fix }), source, ...at, got }, times: 1 });
      }
    },
    get findings() {
      return [...cases.values()].map(({ finding, times }) =>
        Object.freeze(times === 1 ? finding : { ...finding, got: `${finding.got} (${times} times)` }),
      );
    },
  };
}
