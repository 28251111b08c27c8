/** Nodes as HTML. Texts and values are escaped; nothing in them becomes markup. */
import type { Node } from './node.ts';

/** HTML, 13.1.2: these have no end tag. */
const empty = new Set(['br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'wbr']);
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] as string);

export function toHtml(node: Node): string {
  if (typeof node === 'string') return escaped(node);
  let attributes = '';
  for (const [name, value] of Object.entries(node.attributes)) {
    if (value === undefined || value === false) continue;
    attributes += value === true ? ` ${name}=""` : ` ${name}="${escaped(String(value))}"`;
  }
  if (empty.has(node.tag)) return `<${node.tag}${attributes}>`;
  return `<${node.tag}${attributes}>${node.children.map(toHtml).join('')}</${node.tag}>`;
}
