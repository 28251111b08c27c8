/** Alertmanager's configuration, and Grafana's notification policies: which labels of alerts it decides by. */
import { entriesAt, get, listAt, type Node, textAt } from '../source/node.ts';
import { partOf, type Text } from '../source/text.ts';
import type { Uses } from './use.ts';

/** Routes in each other. */
const mostNested = 100;

const matcher = /(?:^|[{,])\s*(?:"([A-Za-z_][A-Za-z0-9_]*)"|([A-Za-z_][A-Za-z0-9_]*))\s*(=~|!~|!=|=)\s*/g;
/** What follows the operator. */
const matched = /"((?:[^"\\]|\\.)*)"|([^",}\s]*)/y;

/** Whether it reads the document. */
export function readAlertmanager(document: Node, uses: Uses): boolean {
  const root = get(document, 'kind') === undefined ? document : get(document, 'spec');
  if (get(root, 'route')?.kind === 'map') {
    readRoute(get(root, 'route'), 'route', uses);
    for (const key of ['inhibit_rules', 'inhibitRules']) {
      for (const [at, rule] of listAt(root, key).entries()) readInhibition(rule, `${key}[${at}]`, uses);
    }
    return true;
  }
  if (get(document, 'apiVersion') === undefined || get(document, 'policies')?.kind !== 'list') return false;
  for (const [at, policy] of listAt(document, 'policies').entries()) readRoute(policy, `policies[${at}]`, uses);
  return true;
}

function readRoute(route: Node | undefined, place: string, uses: Uses, nested = 0): void {
  if (nested > mostNested) return;
  readMatchers(route, ['matchers', 'match', 'match_re', 'object_matchers'], place, uses);
  readNames(route, ['group_by', 'groupBy'], place, uses);
  for (const [at, inner] of listAt(route, 'routes').entries()) readRoute(inner, `${place}.routes[${at}]`, uses, nested + 1);
}

const inhibiting = ['source_matchers', 'target_matchers', 'source_match', 'target_match', 'source_match_re', 'target_match_re'];

function readInhibition(rule: Node, place: string, uses: Uses): void {
  readMatchers(rule, [...inhibiting, 'sourceMatch', 'targetMatch'], place, uses);
  readNames(rule, ['equal'], place, uses);
}

function readNames(node: Node | undefined, keys: readonly string[], place: string, uses: Uses): void {
  for (const key of keys) {
    for (const item of listAt(node, key)) {
      if (item.kind === 'scalar' && typeof item.value === 'string')
        uses.labels.push({ kind: 'matcher', place: `${place}.${key}`, name: item.text });
    }
  }
}

function readMatchers(node: Node | undefined, keys: readonly string[], place: string, uses: Uses): void {
  for (const key of keys) {
    const at = `${place}.${key}`;
    for (const { key: name, value } of entriesAt(node, key)) {
      uses.labels.push({
        kind: 'matcher',
        place: at,
        name: name.text,
        ...(value.kind === 'scalar' ? { value: value.text } : {}),
      });
    }
    for (const item of listAt(node, key)) readMatcher(item, at, uses);
    const text = textAt(node, key);
    if (text !== undefined) readText(text, at, uses);
  }
}

/** `a="b"`, `[a, =, b]` (Grafana), or `{ name: a, value: b }` (the Operator). */
function readMatcher(item: Node, place: string, uses: Uses): void {
  if (item.kind === 'scalar' && typeof item.value === 'string') readText(item.text, place, uses);
  const [first, , third] = listAt(item);
  const name = textAt(item, 'name') ?? (first?.kind === 'scalar' ? first.text : undefined);
  const value = textAt(item, 'value') ?? (third?.kind === 'scalar' ? third.text : undefined);
  if (name !== undefined) uses.labels.push({ kind: 'matcher', place, name, ...(value === undefined ? {} : { value }) });
}

function readText(text: Text, place: string, uses: Uses): void {
  matcher.lastIndex = 0;
  for (let found = matcher.exec(text.text); found !== null; found = matcher.exec(text.text)) {
    const name = found[1] ?? found[2] ?? '';
    const from = found.index + found[0].indexOf(name);
    matched.lastIndex = matcher.lastIndex;
    const [all = '', quoted, bare = ''] = matched.exec(text.text) ?? [];
    const value = quoted ?? bare;
    const valueFrom = matcher.lastIndex + (quoted === undefined ? 0 : 1);
    matcher.lastIndex += all.length;
    const literal = found[3] === '=' && value !== '' ? { value: partOf(text, valueFrom, valueFrom + value.length) } : {};
    uses.labels.push({ kind: 'matcher', place, name: partOf(text, from, from + name.length), ...literal });
  }
}
