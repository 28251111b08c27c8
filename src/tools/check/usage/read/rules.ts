/** Rule files of Prometheus, Mimir and Loki, and the Operator's `PrometheusRule`. */
import { entriesAt, get, listAt, type MapNode, type Node, textAt, wordAt } from '../source/node.ts';
import { readTemplate } from './templates.ts';
import { type UsedExpression, type Uses, withoutVariables } from './use.ts';

/** Whether it reads the document: `groups`, or namespaces as the rulers of Mimir and Loki list them. */
export function readRules(document: Node, uses: Uses): boolean {
  if (get(document, 'kind') !== undefined && get(document, 'spec', 'groups') !== undefined)
    return readGroups(get(document, 'spec'), uses);
  if (readGroups(document, uses)) return true;
  let found = false;
  for (const { value } of entriesAt(document)) {
    if (!hasRules(value)) continue;
    for (const group of listAt(value)) readGroup(group, uses);
    found = true;
  }
  return found;
}

function readGroups(node: Node | undefined, uses: Uses): boolean {
  if (!hasRules(get(node, 'groups'))) return false;
  for (const group of listAt(node, 'groups')) readGroup(group, uses);
  return true;
}

/** A list of groups, of which each has a list of rules with an `expr`. */
function hasRules(groups: Node | undefined): boolean {
  const all = listAt(groups);
  return (
    all.length > 0 &&
    all.every((group) => get(group, 'rules')?.kind === 'list' && get(group, 'name') !== undefined && !isGrafana(group))
  );
}

/** Grafana's own alerts have `data` instead of `expr`. */
function isGrafana(group: Node): boolean {
  return listAt(group, 'rules').some((rule) => get(rule, 'data') !== undefined);
}

function readGroup(group: Node, uses: Uses): void {
  const name = wordAt(group, 'name');
  for (const rule of listAt(group, 'rules')) if (rule.kind === 'map') readRule(rule, `group ${name}`, [...labelsOf(group)], uses);
}

function labelsOf(node: Node): readonly string[] {
  return entriesAt(node, 'labels').map(({ key }) => key.text.text);
}

function readRule(rule: MapNode, group: string, shared: readonly string[], uses: Uses): void {
  const expr = get(rule, 'expr');
  if (expr?.kind !== 'scalar' || expr.value === null) return;
  const record = wordAt(rule, 'record');
  const alert = wordAt(rule, 'alert');
  const name = record === undefined ? `alert ${alert}` : `record ${record}`;
  const place = `${group}, ${name}`;
  const used: UsedExpression = {
    kind: record === undefined ? 'alert' : 'record',
    language: 'promql',
    place,
    ...withoutVariables(expr.text),
    sets: [...shared, ...labelsOf(rule)],
    ...(record === undefined ? {} : { record }),
    ...(alert === undefined ? {} : { alert }),
  };
  uses.expressions.push(used);
  for (const part of ['labels', 'annotations'] as const) {
    for (const { key } of entriesAt(rule, part)) {
      const text = textAt(rule, part, key.text.text);
      if (text !== undefined)
        readTemplate(text, `${place}, ${part === 'labels' ? 'label' : 'annotation'} ${key.text.text}`, used, uses);
    }
  }
}
