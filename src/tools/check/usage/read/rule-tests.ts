/** Tests of rules for `promtool test rules`. */
import { entriesAt, get, listAt, type Node, textAt, wordAt } from '../source/node.ts';
import { type UsedExpression, type Uses, withoutVariables } from './use.ts';

/** Whether it reads the document. */
export function readRuleTests(document: Node, uses: Uses): boolean {
  if (get(document, 'tests')?.kind !== 'list') return false;
  for (const [at, test] of listAt(document, 'tests').entries()) {
    const place = `test ${wordAt(test, 'name') ?? at + 1}`;
    for (const series of listAt(test, 'input_series')) {
      const text = textAt(series, 'series');
      if (text !== undefined) uses.expressions.push({ kind: 'test', language: 'series', place, ...withoutVariables(text) });
    }
    for (const item of listAt(test, 'promql_expr_test')) readExpression(item, place, uses);
    for (const item of listAt(test, 'alert_rule_test')) readAlert(item, place, uses);
  }
  return true;
}

function readExpression(item: Node, test: string, uses: Uses): void {
  const text = textAt(item, 'expr');
  if (text === undefined) return;
  const place = `${test}, promql_expr_test at ${wordAt(item, 'eval_time')}`;
  const used: UsedExpression = { kind: 'test', language: 'promql', place, ...withoutVariables(text) };
  uses.expressions.push(used);
  for (const sample of listAt(item, 'exp_samples')) {
    const labels = textAt(sample, 'labels');
    if (labels !== undefined)
      uses.expressions.push({ kind: 'test', language: 'result', place, ...withoutVariables(labels), of: used });
  }
}

function readAlert(item: Node, test: string, uses: Uses): void {
  const alert = wordAt(item, 'alertname');
  if (alert === undefined) return;
  for (const expected of listAt(item, 'exp_alerts')) {
    for (const { key, value } of entriesAt(expected, 'exp_labels')) {
      const place = `${test}, alert ${alert} at ${wordAt(item, 'eval_time')}`;
      uses.labels.push({
        kind: 'expectation',
        place,
        name: key.text,
        alert,
        ...(value.kind === 'scalar' ? { value: value.text } : {}),
      });
    }
  }
}
