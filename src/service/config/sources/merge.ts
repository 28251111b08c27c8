/** Puts sources together as the Collector does: sections merge, everything else, null too, replaces what was there. */
import type { SectionEntry, Tree } from '../../../core/config/tree.ts';

/** What separates keys in one key: `receivers::otlp`. */
const delimiter = '::';

export function merge(below: Tree, above: Tree): Tree {
  if (below.kind !== 'section' || above.kind !== 'section') return above;
  const entries = new Map(below.entries);
  for (const [key, entry] of above.entries) put(entries, key, entry);
  return { ...above, entries };
}

/** Makes `a::b: c` of a source the same as `a: {b: c}`. */
export function nest(tree: Tree): Tree {
  if (tree.kind !== 'section') return tree;
  const entries = new Map<string, SectionEntry>();
  for (const [key, { at, value }] of tree.entries) {
    const [first = '', ...rest] = key.split(delimiter);
    const inner = rest.reduceRight<Tree>(
      (child, name) => ({ kind: 'section', at, entries: new Map([[name, { at, value: child }]]) }),
      nest(value),
    );
    put(entries, first, { at, value: inner });
  }
  return { ...tree, entries };
}

function put(entries: Map<string, SectionEntry>, key: string, { at, value }: SectionEntry): void {
  const known = entries.get(key);
  entries.set(key, { at, value: known === undefined ? value : merge(known.value, value) });
}
