/** YAML with the place of every value, in linear time. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import type { Problem } from '../errors/error.ts';
import { kindOf, type SectionEntry, type Tree } from './tree.ts';
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

/** @param name the user's name of the source; the first part of every location */
export function readTree(name: string, source: string, dialect: Dialect): ReadTree {
  // "failsafe" keeps every value as it is spelled; its type is the dialect's.
  const yaml = readYaml(source, { schema: 'failsafe', prettyErrors: false });
  const reader = new TreeReader(name, yaml, dialect);
  const { problems } = reader;
  const { document, twice } = yaml;
  for (const { code, pos } of document.errors) {
    reader.complain(
      reader.place(pos[0]),
      `what YAML calls ${code}`,
      'a configuration is one YAML document',
      'correct the syntax here',
    );
  }
  for (const { range } of twice) {
    reader.complain(reader.place(range?.[0] ?? 0), 'a key twice', 'a key occurs once in its section', 'keep one of the two');
  }
  // The parser's problem suffices: what it reads behind that would only give follow-up problems.
  if (document.errors.length > 0) return { tree: { kind: 'nothing', at: reader.place(0), broken: true }, problems };
  return { tree: reader.treeOf(document.contents, 0, 0), problems };
}

class TreeReader {
  readonly problems: Problem[] = [];
  private readonly name: string;
  private readonly yaml: ReturnType<typeof readYaml>;
  private readonly dialect: Dialect;
  private readonly shared = new Map<Node, { readonly tree: Tree; readonly nodes: number }>();
  private readonly open = new Set<Node>();
  private nodes = 0;

  constructor(name: string, yaml: ReturnType<typeof readYaml>, dialect: Dialect) {
    this.name = name;
    this.yaml = yaml;
    this.dialect = dialect;
  }

  complain(at: string, got: string, rule: string, fix: string): void {
    this.problems.push({ at, got, rule, fix });
  }

  place(offset: number): string {
    const { line, col } = this.yaml.lines.linePos(offset);
    return `${this.name}:${line}:${col}`;
  }

  treeOf(node: Node | null | undefined, offset: number, depth: number): Tree {
    const at = this.place(node?.range?.[0] ?? offset);
    if (node == null) return this.empty(at);
    if (isAlias(node)) return this.aliased(node, at, depth);
    this.nodes++;
    if (isScalar(node)) return this.scalarOf(node, at);
    if (depth === deepest) {
      this.complain(at, kindOf(listOrSection(node, at)), `sections and lists are at most ${deepest} deep`, 'write it flatter');
      return { kind: 'nothing', at, broken: true };
    }
    this.open.add(node);
    const before = this.nodes;
    const tree = isMap(node) ? this.sectionOf(node, at, depth) : this.listOf(node, at, depth);
    this.open.delete(node);
    if (node.anchor !== undefined) this.shared.set(node, { tree, nodes: this.nodes - before });
    return tree;
  }

  private aliased(alias: Alias, at: string, depth: number): Tree {
    const found = this.yaml.target(alias);
    const nothing: Tree = { kind: 'nothing', at, broken: true };
    if (found === undefined) {
      this.complain(
        at,
        'an alias of nothing',
        'an alias (*NAME) names an anchor (&NAME) above it',
        'add the anchor, or put the string in quotes',
      );
      return nothing;
    }
    if (this.open.has(found)) {
      this.complain(at, 'an alias of a node that contains it', 'a value does not contain itself', 'leave it out');
      return nothing;
    }
    const known = this.shared.get(found);
    this.nodes += known?.nodes ?? 0;
    if (this.nodes <= mostNodes) return known?.tree ?? this.treeOf(found, found.range?.[0] ?? 0, depth);
    if (this.nodes < Number.POSITIVE_INFINITY)
      this.complain(at, 'too much', `aliases stand for at most ${mostNodes} values`, 'use fewer aliases');
    this.nodes = Number.POSITIVE_INFINITY;
    return nothing;
  }

  private scalarOf(node: Scalar, at: string): Tree {
    const text = String(node.value);
    const value = resolve(text, { plain: node.type === Scalar.PLAIN, tag: node.tag, dialect: this.dialect });
    return value === null ? this.empty(at) : { kind: 'scalar', at, value, text, alsoText: this.dialect === 'exporter-toolkit' };
  }

  private empty(at: string): Tree {
    return this.dialect === 'collector' ? { kind: 'nothing', at, zero: true } : { kind: 'nothing', at };
  }

  private listOf(node: Node, at: string, depth: number): Tree {
    const items = isSeq(node) ? node.items : [];
    return { kind: 'list', at, items: items.map((item) => this.treeOf(item as Node, node.range?.[0] ?? 0, depth + 1)) };
  }

  private sectionOf(node: YAMLMap, at: string, depth: number): Tree {
    const entries = new Map<string, SectionEntry>();
    const merged: Tree[] = [];
    for (const { key, value } of node.items as readonly Pair<Node, Node>[]) {
      const known = isAlias(key) ? this.yaml.target(key) : key;
      const keyAt = this.place(key?.range?.[0] ?? node.range?.[0] ?? 0);
      if (isMergeKey(known)) merged.push(this.treeOf(value, known.range?.[0] ?? 0, depth + 1));
      else if (isScalar(known))
        entries.set(String(known.value), { at: keyAt, value: this.treeOf(value, known.range?.[0] ?? 0, depth + 1) });
      else if (isAlias(key)) this.treeOf(key, 0, depth);
      else this.complain(keyAt, kindOf(listOrSection(known, keyAt)), 'a key is a string', 'write KEY: VALUE');
    }
    for (const tree of merged) this.mergeInto(entries, tree);
    return { kind: 'section', at, entries };
  }

  /** Keys of the section itself come first, then those of the first merged one. */
  private mergeInto(entries: Map<string, SectionEntry>, tree: Tree): void {
    if (tree.kind === 'list') for (const item of tree.items) this.mergeInto(entries, item);
    else if (tree.kind === 'section') {
      for (const [key, entry] of tree.entries) if (!entries.has(key)) entries.set(key, entry);
    } else this.complain(tree.at, kindOf(tree), '<< merges a section, or a list of them', 'write <<: *NAME');
  }
}

/** For the name of its kind alone. */
function listOrSection(node: unknown, at: string): Tree {
  if (node == null) return { kind: 'nothing', at };
  return isMap(node) ? { kind: 'section', at, entries: new Map() } : { kind: 'list', at, items: [] };
}

/** YAML 1.1's `<<`, which Go's parser supports. */
function isMergeKey(key: unknown): key is Scalar {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}
