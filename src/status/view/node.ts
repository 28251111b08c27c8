/** What the page consists of, as data: written as HTML by the server, and into the document by the browser. */

export type AttributeValue = string | number | boolean | undefined;

export interface Element {
  readonly tag: string;
  /** Absent: `undefined` and `false`. Names are ours, never data. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly children: readonly Node[];
}

export type Node = Element | string;
export type Child = Node | number | false | null | undefined | readonly Child[];

/** The attribute by which a browser finds the same row again after rows have moved. */
export const keyAttribute = 'data-key';

/** Texts side by side become one, as in a document that was parsed. */
export function h(tag: string, attributes: Element['attributes'] = {}, ...children: readonly Child[]): Element {
  const flat: Node[] = [];
  add(children, flat);
  return { tag, attributes, children: flat };
}

function add(children: readonly Child[], to: Node[]): void {
  for (const child of children) {
    if (child === false || child === null || child === undefined || child === '') continue;
    if (typeof child === 'string' || typeof child === 'number') {
      const last = to.at(-1);
      if (typeof last === 'string') to[to.length - 1] = `${last}${child}`;
      else to.push(String(child));
    } else if ('tag' in child) to.push(child);
    else add(child, to);
  }
}
