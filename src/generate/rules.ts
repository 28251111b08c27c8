/** Alerts as a rule file of Prometheus. What they ask is their author's; `promql.ts` helps to ask it of a contract's series. */
import { Document, isNode } from 'yaml';

export interface Alert {
  /** In upper camel case, as is usual; unique among all rule files of a server. */
  readonly name: string;
  readonly expr: string;
  /** How long the expression has to hold, e.g. `5m`. Default: not at all. */
  readonly for?: string;
  readonly severity: 'info' | 'warning' | 'critical';
  /** One line, for a notification's subject. */
  readonly summary: string;
  /** What it means and where to look. */
  readonly description: string;
  /** A comment above the rule, e.g. what to edit. Default: none. */
  readonly comment?: string;
}

export interface RuleFile {
  /** A comment at the top. */
  readonly comment: string;
  /** The rule group's name. */
  readonly group: string;
  readonly alerts: readonly Alert[];
}

/** The text of a rule file, in YAML. */
export function ruleFile({ comment, group, alerts }: RuleFile): string {
  const document = new Document({ groups: [{ name: group, rules: alerts.map(ruleOf) }] });
  document.commentBefore = commentText(comment);
  for (const [at, alert] of alerts.entries()) {
    const node = document.getIn(['groups', 0, 'rules', at], true);
    if (alert.comment !== undefined && isNode(node)) node.commentBefore = commentText(alert.comment);
  }
  return document.toString({ lineWidth: 0 });
}

function ruleOf({ name, expr, for: duration, severity, summary, description }: Alert) {
  const holds = duration === undefined ? {} : { for: duration };
  return { alert: name, expr, ...holds, labels: { severity }, annotations: { summary, description } };
}

function commentText(text: string): string {
  return text.replace(/^/gm, ' ');
}
