/**
 * Parses YAML in linear time. The library compares each key with all before it, and searches the whole document for each alias:
 * ten thousand of them take seconds.
 */
import {
  type Alias,
  type Document,
  type DocumentOptions,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
} from 'yaml';

export interface ReadYaml {
  readonly document: Document;
  readonly lines: LineCounter;
  /** Duplicate keys, in the order of the document. */
  readonly twice: readonly Node[];
  readonly aliases: number;
  /** The node that an alias refers to: the last one above it that has its anchor. */
  target(alias: Alias): Node | undefined;
}

export function readYaml(source: string, options: ParseOptions & DocumentOptions & SchemaOptions): ReadYaml {
  const lines = new LineCounter();
  const document: Document = parseDocument(source, { ...options, lineCounter: lines, uniqueKeys: false });
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  const twice: Node[] = [];
  // In document order, without recursion: the first node is last on the stack.
  const left: unknown[] = [document.contents];
  while (left.length > 0) {
    const node = left.pop();
    if (isAlias(node)) targets.set(node, anchors.get(node.source));
    else if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isMap(node)) for (const key of repeated(node.items.map((pair) => pair.key))) twice.push(key);
    if (isMap(node) || isSeq(node)) for (const item of node.items.toReversed()) left.push(item);
    else if (isPair(node)) left.push(node.value, node.key);
  }
  return { document, lines, twice, aliases: targets.size, target: (alias) => targets.get(alias) };
}

function repeated(keys: readonly unknown[]): readonly Node[] {
  const seen = new Set<unknown>();
  return keys.filter((key): key is Node => isScalar(key) && seen.size === seen.add(key.value).size);
}
