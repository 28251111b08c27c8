/** Replaces `${…}` in the values of a tree, never in its keys, as the Collector does. */

import type { Findings } from '../../../core/config/schema/index.ts';
import { refuse } from '../../../core/config/schema/refuse.ts';
import type { Scalar, Tree } from '../../../core/config/tree.ts';
import { hasScheme, type Provide } from './provide.ts';
import { referenceIn } from './reference.ts';
import { replacementOf, shownUri } from './replacement.ts';

/** A value may refer to a value that refers to a value. */
const mostSteps = 1_000;
/** For all values together: references to files may multiply. */
const mostReferences = 10_000;
const mostCharacters = 65_536;

export function expand(tree: Tree, provide: Provide, findings: Findings): Tree {
  let references = 0;

  function treeOf(tree: Tree, keys: string, within: readonly string[]): Tree {
    if (tree.kind === 'list')
      return { ...tree, items: tree.items.map((item, index) => treeOf(item, `${keys}[${index}]`, within)) };
    if (tree.kind === 'section') {
      const below = (key: string) => (keys === '' ? key : `${keys}.${key}`);
      const entries = [...tree.entries].map(
        ([key, { at, value }]) => [key, { at, value: treeOf(value, below(key), within) }] as const,
      );
      return { ...tree, entries: new Map(entries) };
    }
    return tree.kind === 'scalar' && typeof tree.value === 'string' ? expanded(tree, keys, within) : tree;
  }

  function expanded(scalar: Scalar, keys: string, within: readonly string[]): Tree {
    const broken: Tree = { kind: 'nothing', at: scalar.at, broken: true };
    const complain = (got: string, rule: string, fix: string) => void refuse({ tree: scalar, keys }, findings, got, rule, fix);
    const seen = new Set<string>();
    let text = String(scalar.value);
    for (;;) {
      const reference = referenceIn(text);
      if (reference === undefined) return { ...scalar, value: unescaped(text), text: unescaped(text) };
      const uri = hasScheme(reference) ? reference : `env:${reference}`;
      if (within.includes(uri) || seen.has(text) || seen.size === mostSteps) {
        complain(shownUri(uri), 'references do not lead back to themselves', 'break the cycle');
        return broken;
      }
      if (++references > mostReferences) {
        complain(shownUri(uri), `a configuration has at most ${mostReferences} references`, 'use fewer');
        return broken;
      }
      seen.add(text);
      const replacement = replacementOf(scalar, keys, uri, provide, findings);
      if (replacement === undefined) return broken;
      const written = `\${${reference}}`;
      if (text !== written) text = text.replaceAll(written, () => replacement.text);
      else if (typeof replacement.typed === 'string') text = replacement.typed;
      else return treeOf(replacement.typed, keys, [...within, uri]);
      if (text.length > mostCharacters) {
        complain('too long a value', `a value with references has at most ${mostCharacters} characters`, 'refer to less');
        return broken;
      }
    }
  }

  return treeOf(tree, '', []);
}

function unescaped(text: string): string {
  return text.replaceAll('$$', '$');
}
