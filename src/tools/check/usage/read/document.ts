/** A file's documents, each by its shape; what Kubernetes wraps around them, too. */
import { jsonTree } from '../source/json-tree.ts';
import { entriesAt, get, listAt, type Node, type Tree, textAt, wordAt } from '../source/node.ts';
import type { Text } from '../source/text.ts';
import { yamlTree } from '../source/yaml-tree.ts';
import { readAlertmanager } from './alertmanager.ts';
import { readDashboard, readGrafanaAlerts, readProviders } from './dashboards.ts';
import { readRuleTests } from './rule-tests.ts';
import { readRules } from './rules.ts';
import { noUses, type Uses } from './use.ts';

/** Files within files. */
const mostNested = 4;

/** What the text of a file uses. */
export function readText(text: Text, isJson: boolean): Uses {
  const uses = noUses();
  readTree(isJson ? jsonTree(text) : yamlTree(text), uses, 0);
  return uses;
}

function readTree({ documents, problem }: Tree, uses: Uses, nested: number): void {
  if (problem !== undefined) uses.unread.push(problem);
  for (const document of documents) readDocument(document, uses, nested);
}

function readDocument(document: Node, uses: Uses, nested: number): void {
  if (nested > mostNested) return;
  const kind = wordAt(document, 'kind') ?? '';
  if (kind.endsWith('List') && get(document, 'items')?.kind === 'list') {
    for (const item of listAt(document, 'items')) readDocument(item, uses, nested + 1);
  } else if (kind === 'ConfigMap' || kind === 'Secret') {
    for (const part of ['data', 'stringData']) {
      for (const { key, value } of entriesAt(document, part))
        if (value.kind === 'scalar') readInner(value.text, key.text.text, uses, nested);
    }
  } else if (kind === 'GrafanaDashboard' && textAt(document, 'spec', 'json') !== undefined) {
    const text = textAt(document, 'spec', 'json');
    if (text !== undefined) readTree(jsonTree(text), uses, nested + 1);
  } else {
    // A provisioning file may have several of them.
    const readers = [readRuleTests, readGrafanaAlerts, readRules, readAlertmanager, readProviders, readDashboard];
    if (readers.filter((read) => read(document, uses)).length > 0) uses.known = true;
  }
}

/** A file that a ConfigMap holds. A Secret's `data` is base64, and no JSON or YAML of a known shape. */
function readInner(text: Text, name: string, uses: Uses, nested: number): void {
  if (/\.json$/i.test(name)) readTree(jsonTree(text), uses, nested + 1);
  else if (/\.(?:ya?ml|rules)$/i.test(name)) readTree(yamlTree(text), uses, nested + 1);
}
