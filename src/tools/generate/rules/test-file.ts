/**
 * Writes the file for `promtool test rules`: each alert fires in one case, is silent later in the same, and where nothing is
 * known.
 */
import { Document, isCollection, visit } from 'yaml';
import type { PlayedAlert } from './play.ts';
import { commentText } from './rule-file.ts';

/** @param rules the path of the rule file, from the folder of the test file */
export function ruleTestFile(rules: string, alerts: readonly PlayedAlert[], comment: string): string {
  const document = new Document({
    rule_files: [rules],
    evaluation_interval: '1m',
    tests: [...alerts.map(caseOf), ...nothingKnown(alerts)],
  });
  document.commentBefore = commentText(comment);
  // A series a line: some alerts need hundreds.
  visit(document, {
    Seq(_, node, path) {
      const parent = path.at(-1);
      if (isPairOf(parent, 'input_series')) for (const item of node.items) if (isCollection(item)) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function isPairOf(parent: unknown, key: string): boolean {
  const named = (parent as { readonly key?: { readonly value?: unknown } } | undefined)?.key;
  return named?.value === key;
}

function caseOf(alert: PlayedAlert) {
  const { input, fires, silentAt } = alert.play;
  const { summary, description, runbook } = alert;
  const texts = { summary, description, ...(runbook !== undefined && { runbook }) };
  const expanded = Object.entries(texts).map(([name, text]) => [name, expand(text, fires.labels, fires.value)]);
  const expected = { exp_labels: { severity: alert.severity, ...fires.labels }, exp_annotations: Object.fromEntries(expanded) };
  return {
    name: alert.name,
    interval: '1m',
    input_series: input,
    alert_rule_test: [
      { eval_time: fires.at, alertname: alert.name, exp_alerts: [expected] },
      { eval_time: silentAt, alertname: alert.name, exp_alerts: [] },
    ],
  };
}

function nothingKnown(alerts: readonly PlayedAlert[]) {
  const silent = alerts.filter(({ play }) => play.firesOnNothing !== true);
  if (silent.length === 0) return [];
  const tests = silent.map(({ name }) => ({ eval_time: '1h', alertname: name, exp_alerts: [] }));
  return [{ name: 'Nothing is known', interval: '1m', input_series: [], alert_rule_test: tests }];
}

/** The templates that the alerts here have: a label, and the value. */
function expand(text: string, labels: Readonly<Record<string, string>>, value: number | undefined): string {
  return text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '')
    .replaceAll('{{ $value }}', () => String(value));
}
