/**
 * The graph as a picture: nodes with what they are doing, edges with their points per second. A table beside it says the same in
 * words.
 */
import { edgeKey, type GraphEdge, type GraphNode } from '../../model/index.ts';
import { anchorOf } from '../anchor.ts';
import { type Element, h, keyAttribute } from '../node.ts';
import { count, percent, rounded, unknown } from '../numbers.ts';
import { stateOf } from '../state.ts';
import { type Layout, layoutOf, type Placed, type Routed } from './layout.ts';
import { placeOfNumber } from './place-of-number.ts';

/** Nodes that nothing flows through, such as extensions, are not in it. */
export function graphPicture(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Element {
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const shown = nodes.filter(({ key }) => ends.has(key));
  const layout = layoutOf(
    shown.map(({ key }) => key),
    edges,
  );
  const { width, height } = layout;
  const label = `${shown.length} components, ${edges.length} connections; the table below has the same numbers`;
  return h(
    'svg',
    {
      class: 'graph',
      viewBox: `-2 -2 ${width + 4} ${height + 4}`,
      width: width + 4,
      height: height + 4,
      role: 'group',
      'aria-label': label,
    },
    layout.edges.map(edgeLine),
    shown.map((node, index) => nodeBox(node, layout.nodes[index] as Placed, layout)),
    // Above everything, so that no line crosses a number.
    layout.edges.map((edge) => edgeNumber(edge, edges)),
  );
}

type RoutedEdge = Routed<GraphEdge>;

const isBad = ({ refusedRate, failedRate }: GraphEdge) => (refusedRate.now ?? 0) > 0 || (failedRate.now ?? 0) > 0;

function edgeLine({ edge, points }: RoutedEdge): Element | false {
  const [first, ...rest] = points;
  if (first === undefined) return false;
  let [x, y] = first;
  let d = `M${x} ${y}`;
  for (const [nextX, nextY] of rest) {
    const middle = (x + nextX) / 2;
    d += `C${middle} ${y} ${middle} ${nextY} ${nextX} ${nextY}`;
    [x, y] = [nextX, nextY];
  }
  const now = edge.rate.now ?? 0;
  const tone = isBad(edge) ? 'bad' : now > 0 ? 'flows' : 'rests';
  return h('path', { class: `edge ${tone}`, [keyAttribute]: edgeKey(edge), d, 'stroke-width': thickness(now) });
}

/** By powers of ten: from one point a second to ten million. */
const thickness = (rate: number) => (1.5 + Math.min(7, Math.max(0, Math.log10(rate + 1)))).toFixed(1);

function edgeNumber({ edge, points }: RoutedEdge, edges: readonly GraphEdge[]): Element | false {
  const at = placeOfNumber(edge, points, edges);
  if (at === undefined) return false;
  const { x, y, anchor } = at;
  const { refused, failed } = edge;
  const lost = [refused > 0 && `${rounded(refused)} refused`, failed > 0 && `${rounded(failed)} failed`].filter(
    (text) => text !== false,
  );
  return h(
    'g',
    { class: 'edge-number', [keyAttribute]: `number ${edgeKey(edge)}`, 'data-edge': edgeKey(edge) },
    h('title', {}, `${edgeKey(edge)}: ${count(edge.total)} points, ${count(refused)} refused, ${count(failed)} failed`),
    h('text', { x, y: y - 7, 'text-anchor': anchor }, rateText(edge)),
    lost.length > 0 && h('text', { x, y: y + 17, 'text-anchor': anchor, class: 'lost' }, lost.join(', ')),
  );
}

function rateText({ rate }: GraphEdge): string {
  if (rate.minutes.length === 0) return 'not counted';
  return rate.now === undefined ? `${unknown} points/s` : `${rounded(rate.now)} points/s`;
}

function nodeBox(node: GraphNode, { x, y }: Placed, { nodeWidth, nodeHeight }: Layout<unknown>): Element {
  const { tone, word } = stateOf(node);
  const letters = Math.floor((nodeWidth - 34) / 8.2);
  const { queue } = node;
  const part = queue === undefined ? undefined : queue.size / queue.capacity;
  const line = queueLine(node) ?? flowLine(node) ?? node.pipeline ?? node.type;
  return h(
    'a',
    {
      href: `#${anchorOf(node.key)}`,
      class: `node ${tone} ${node.kind}`,
      [keyAttribute]: `node ${node.key}`,
      'data-node': node.key,
    },
    h('title', {}, `${node.key}: ${word}`),
    h('rect', { class: 'box', x, y, width: nodeWidth, height: nodeHeight, rx: 8 }),
    h('circle', { class: 'dot', cx: x + nodeWidth - 16, cy: y + 18, r: 5 }),
    h('text', { x: x + 12, y: y + 22, class: 'kind' }, node.kind),
    h('text', { x: x + 12, y: y + 41, class: 'id' }, shortened(node.id, letters)),
    h('text', { x: x + 12, y: y + 58, class: 'detail' }, shortened(line, letters + 4)),
    part !== undefined && h('rect', { class: 'track', x: x + 1, y: y + nodeHeight - 5, width: nodeWidth - 2, height: 4 }),
    part !== undefined &&
      h('rect', { class: 'fill', x: x + 1, y: y + nodeHeight - 5, width: (nodeWidth - 2) * Math.min(1, part), height: 4 }),
  );
}

function queueLine({ queue }: GraphNode): string | undefined {
  if (queue === undefined || queue.size === 0) return undefined;
  return `queue ${percent(queue.size / queue.capacity)} full`;
}

function flowLine({ series, sent, received }: GraphNode): string | undefined {
  if (series !== undefined) return `${rounded(series.count)} series`;
  const flow = received ?? sent;
  return flow === undefined ? undefined : `${rounded(flow.total)} points`;
}

const shortened = (text: string, letters: number) =>
  text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
