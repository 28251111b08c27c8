/** The newest numbers of the stream, put into what was asked for earlier. */
import { edgeKey, type Flow, type Rate, type Tick } from '../model/index.ts';
import type { PageData } from '../view/page-data.ts';

export function applyTick(data: PageData, tick: Tick): PageData {
  const { status, graph } = data;
  const nodes = graph.nodes.map((node) => {
    const newest = tick.nodes[node.key];
    if (newest === undefined) return node;
    const { state, queue, now } = newest;
    return {
      ...node,
      state,
      ...(queue !== undefined && { queue }),
      ...(node.received !== undefined && { received: withNow(node.received, now) }),
      ...(node.sent !== undefined && { sent: withNow(node.sent, now) }),
    };
  });
  const edges = graph.edges.map((edge) => {
    const newest = tick.edges[edgeKey(edge)];
    if (newest === undefined) return edge;
    const { now, total, refused, failed } = newest;
    return { ...edge, rate: rateOf(edge.rate, now), total, refused, failed };
  });
  return {
    ...data,
    live: 'live',
    now: tick.at,
    status: tick.memory === undefined ? status : { ...status, memory: tick.memory },
    graph: { ...graph, nodes, edges },
  };
}

const withNow = (flow: Flow, now: number | undefined): Flow => ({ ...flow, rate: rateOf(flow.rate, now) });

/** The minutes stay as they were asked for last: they are asked for again every few seconds. */
const rateOf = ({ minutes }: Rate, now: number | undefined): Rate => (now === undefined ? { minutes } : { now, minutes });
