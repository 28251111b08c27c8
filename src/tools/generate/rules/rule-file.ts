/** Writes alerts as a Prometheus rule file. You write the expressions; `promql.ts` names a contract's series in them. */
import { Document, isNode } from 'yaml';

export interface Alert {
  /** In upper camel case by convention; unique among all rule files of a server. */
  readonly name: string;
  readonly expr: string;
  /** How long the expression must hold, e.g. `5m`. Default: 0, it fires at once. */
  readonly for?: string;
  readonly severity: 'info' | 'warning' | 'critical';
  /** One line, for the subject of a notification. */
  readonly summary: string;
  /** What the alert means and where to look. */
  readonly description: string;
  /** What to do. Default: no such annotation. */
  readonly runbook?: string;
  /** A comment above the rule, e.g. about what to edit. Default: none. */
  readonly comment?: string;
}

export interface RuleFile {
  /** A comment at the top. */
  readonly comment: string;
  /** The rule group's name. */
  readonly group: string;
  readonly alerts: readonly Alert[];
}

/** The content of a rule file, in YAML. */
export function ruleFile({ comment, group, alerts }: RuleFile): string {
  const document = new Document({ groups: [{ name: group, rules: alerts.map(ruleOf) }] });
  document.commentBefore = commentText(comment);
  for (const [at, alert] of alerts.entries()) {
    const node = document.getIn(['groups', 0, 'rules', at], true);
    if (alert.comment !== undefined && isNode(node)) node.commentBefore = commentText(alert.comment);
  }
  return document.toString({ lineWidth: 0 });
}

function ruleOf({ name, expr, for: duration, severity, summary, description, runbook }: Alert) {
  const holds = duration === undefined ? {} : { for: duration };
  const steps = runbook === undefined ? {} : { runbook };
  return { alert: name, expr, ...holds, labels: { severity }, annotations: { summary, description, ...steps } };
}

export function commentText(text: string): string {
  return text.replace(/^/gm, ' ');
}
