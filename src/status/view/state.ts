/** What a component's state looks like, and what it is called. */
import type { GraphNode } from '../model/index.ts';
import { type Element, h } from './node.ts';

type Tone = 'good' | 'waits' | 'warns' | 'bad';

const states: Readonly<Record<GraphNode['state'], { readonly tone: Tone; readonly word: string }>> = {
  starting: { tone: 'waits', word: 'starting' },
  working: { tone: 'good', word: 'working' },
  failing: { tone: 'bad', word: 'failing' },
  blocked: { tone: 'bad', word: 'queue full' },
};

export const stateOf = ({ state }: Pick<GraphNode, 'state'>) => states[state];

/** Never by colour alone: the word is there too. */
export function stateBadge(node: Pick<GraphNode, 'state'>): Element {
  const { tone, word } = stateOf(node);
  return h('span', { class: `badge ${tone}` }, h('span', { class: 'badge-dot', 'aria-hidden': 'true' }), word);
}
