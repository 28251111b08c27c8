/**
 * Makes an element of the document look like a node, with as few changes as possible: elements stay, and with them focus,
 * selection and scrolling. Nothing is kept from one call to the next, so that a page that is open for days does not grow.
 */
import { keyAttribute, type Element as ViewElement, type Node as ViewNode } from '../view/node.ts';

const svg = 'http://www.w3.org/2000/svg';

/** What the reader has done, which no update undoes. */
const readers: Readonly<Record<string, readonly string[]>> = { DETAILS: ['open'], INPUT: ['value'] };

export function patch(element: Element, { attributes, children }: ViewElement): void {
  patchAttributes(element, attributes);
  patchChildren(element, children);
}

function patchAttributes(element: Element, attributes: ViewElement['attributes']): void {
  const left = readers[element.tagName] ?? [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || left.includes(name)) continue;
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
  for (const name of element.getAttributeNames()) {
    const value = attributes[name];
    if ((value === undefined || value === false) && !left.includes(name)) element.removeAttribute(name);
  }
}

function patchChildren(parent: Element, children: readonly ViewNode[]): void {
  const keyed = byKey(parent);
  dropOthers(keyed, children);
  let at: ChildNode | null = parent.firstChild;
  for (const child of children) {
    const found = reusable(child, at, keyed);
    if (found === undefined) {
      parent.insertBefore(created(child, parent), at);
      continue;
    }
    if (found === at) at = at.nextSibling;
    else parent.insertBefore(found, at);
    if (typeof child !== 'string') patch(found as Element, child);
    else if (found.nodeValue !== child) found.nodeValue = child;
  }
  while (at !== null) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** Ahead of the rest, so that what follows a row that has gone need not move, and keeps the focus. */
function dropOthers(keyed: ReadonlyMap<string, Element>, children: readonly ViewNode[]): void {
  if (keyed.size === 0) return;
  const kept = new Set(
    children.map((child) => (typeof child === 'string' ? '' : `${child.tag} ${child.attributes[keyAttribute]}`)),
  );
  for (const [key, element] of keyed) if (!kept.has(key)) element.remove();
}

/** The document's node that can become this one; undefined: none. */
function reusable(child: ViewNode, at: ChildNode | null, keyed: ReadonlyMap<string, Element>): ChildNode | undefined {
  if (typeof child === 'string') return at?.nodeType === Node.TEXT_NODE ? at : undefined;
  const key = child.attributes[keyAttribute];
  if (key !== undefined) return keyed.get(`${child.tag} ${key}`);
  if (!(at instanceof Element) || at.localName !== child.tag || at.hasAttribute(keyAttribute)) return undefined;
  return at;
}

function byKey(parent: Element): ReadonlyMap<string, Element> {
  const keyed = new Map<string, Element>();
  for (const element of parent.children) {
    const key = element.getAttribute(keyAttribute);
    if (key !== null) keyed.set(`${element.localName} ${key}`, element);
  }
  return keyed;
}

function created(node: ViewNode, parent: Element): ChildNode {
  if (typeof node === 'string') return document.createTextNode(node);
  const inSvg = node.tag === 'svg' || (parent.namespaceURI === svg && parent.localName !== 'foreignObject');
  const element = inSvg ? document.createElementNS(svg, node.tag) : document.createElement(node.tag);
  for (const [name, value] of Object.entries(node.attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of node.children) element.append(created(child, element));
  return element;
}
