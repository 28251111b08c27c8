/** YAML with the place of every value, in linear time. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import type { Problem } from '../errors/error.ts';
import { type Entry, kindOf, type Tree } from './tree.ts';
import { readYaml } from './yaml.ts';
import { type Dialect, resolve } from './yaml-scalar.ts';

export interface ReadTree {
  /** The readable part of the document; `nothing` where there is none. */
  readonly tree: Tree;
  readonly problems: readonly Problem[];
}

/** Deeper than any configuration, and shallow enough for recursion. */
const deepest = 100;
/** Aliases share the nodes that they stand for; a walk of the tree visits them each time. */
const mostNodes = 100_000;

/** @param name what the user calls the source; the first part of every place */
export function readTree(name: string, source: string, dialect: Dialect): ReadTree {
  // "failsafe" keeps every value as it is spelled; its type is the dialect's.
  const { document, lines, twice, target } = readYaml(source, { schema: 'failsafe', prettyErrors: false });
  const problems: Problem[] = [];
  const complain = (at: string, got: string, rule: string, fix: string) => void problems.push({ at, got, rule, fix });
  for (const { code, pos } of document.errors) {
    complain(place(pos[0]), `what YAML calls ${code}`, 'a configuration is one YAML document', 'correct the syntax here');
  }
  for (const { range } of twice) {
    complain(place(range?.[0] ?? 0), 'a key twice', 'a key stands once in its section', 'keep one of the two');
  }
  const shared = new Map<Node, { readonly tree: Tree; readonly nodes: number }>();
  const open = new Set<Node>();
  let nodes = 0;

  function place(offset: number): string {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  }

  function treeOf(node: Node | null | undefined, offset: number, depth: number): Tree {
    const at = place(node?.range?.[0] ?? offset);
    if (node == null) return empty(at);
    if (isAlias(node)) return aliased(node, at, depth);
    nodes++;
    if (isScalar(node)) return scalarOf(node, at);
    if (depth === deepest) {
      complain(at, kindOf(listOrSection(node, at)), `sections and lists are at most ${deepest} deep`, 'write it flatter');
      return { kind: 'nothing', at, broken: true };
    }
    open.add(node);
    const before = nodes;
    const tree = isMap(node) ? sectionOf(node, at, depth) : listOf(node, at, depth);
    open.delete(node);
    if (node.anchor !== undefined) shared.set(node, { tree, nodes: nodes - before });
    return tree;
  }

  function aliased(alias: Alias, at: string, depth: number): Tree {
    const found = target(alias);
    const nothing: Tree = { kind: 'nothing', at, broken: true };
    if (found === undefined) {
      complain(
        at,
        'an alias of nothing',
        'an alias (*NAME) names an anchor (&NAME) above it',
        'add the anchor, or put the string in quotes',
      );
      return nothing;
    }
    if (open.has(found)) {
      complain(at, 'an alias of what it stands in', 'a value does not contain itself', 'leave it out');
      return nothing;
    }
    const known = shared.get(found);
    nodes += known?.nodes ?? 0;
    if (nodes <= mostNodes) return known?.tree ?? treeOf(found, found.range?.[0] ?? 0, depth);
    if (nodes < Number.POSITIVE_INFINITY) complain(at, 'too much', `aliases stand for at most ${mostNodes} values`, 'use fewer aliases');
    nodes = Number.POSITIVE_INFINITY;
    return nothing;
  }

  function scalarOf(node: Scalar, at: string): Tree {
    const text = String(node.value);
    const value = resolve(text, { plain: node.type === Scalar.PLAIN, tag: node.tag, dialect });
    return value === null ? empty(at) : { kind: 'scalar', at, value, text, alsoText: dialect === 'exporter-toolkit' };
  }

  function empty(at: string): Tree {
    return dialect === 'collector' ? { kind: 'nothing', at, zero: true } : { kind: 'nothing', at };
  }

  function listOf(node: Node, at: string, depth: number): Tree {
    const items = isSeq(node) ? node.items : [];
    return { kind: 'list', at, items: items.map((item) => treeOf(item as Node, node.range?.[0] ?? 0, depth + 1)) };
  }

  function sectionOf(node: YAMLMap, at: string, depth: number): Tree {
    const entries = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const { key, value } of node.items as readonly Pair<Node, Node>[]) {
      const known = isAlias(key) ? target(key) : key;
      const keyAt = place(key?.range?.[0] ?? node.range?.[0] ?? 0);
      if (isMergeKey(known)) merged.push(treeOf(value, known.range?.[0] ?? 0, depth + 1));
      else if (isScalar(known)) entries.set(String(known.value), { at: keyAt, value: treeOf(value, known.range?.[0] ?? 0, depth + 1) });
      else if (isAlias(key)) treeOf(key, 0, depth);
      else complain(keyAt, kindOf(listOrSection(known, keyAt)), 'a key is a string', 'write KEY: VALUE');
    }
    for (const tree of merged) mergeInto(entries, tree, complain);
    return { kind: 'section', at, entries };
  }

  // The parser's problem suffices: what it reads behind that would only give follow-up problems.
  const tree: Tree = document.errors.length > 0 ? { kind: 'nothing', at: place(0), broken: true } : treeOf(document.contents, 0, 0);
  return { tree, problems };
}

/** For the name of its kind alone. */
function listOrSection(node: unknown, at: string): Tree {
  if (node == null) return { kind: 'nothing', at };
  return isMap(node) ? { kind: 'section', at, entries: new Map() } : { kind: 'list', at, items: [] };
}

/** YAML 1.1's `<<`, which Go's parser knows. */
function isMergeKey(key: unknown): key is Scalar {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}

/** Keys of the section itself come first, then those of the first merged one. */
function mergeInto(entries: Map<string, Entry>, tree: Tree, complain: (at: string, got: string, rule: string, fix: string) => void): void {
  if (tree.kind === 'list') for (const item of tree.items) mergeInto(entries, item, complain);
  else if (tree.kind === 'section') {
    for (const [key, entry] of tree.entries) if (!entries.has(key)) entries.set(key, entry);
  } else complain(tree.at, kindOf(tree), '<< merges a section, or a list of them', 'write <<: *NAME');
}
