/** What flows between which components, and what each of them does. */
import { edgeKey, type GraphEdge, type GraphNode, type Rate } from '../model/index.ts';
import { components } from './components.ts';
import { graphPicture } from './graph/picture.ts';
import { type Child, type Element, h } from './node.ts';
import { figure } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { reloads } from './reloads.ts';
import { sparkline } from './sparkline.ts';
import { nothingYet, tableOf } from './table.ts';

export function flow(data: PageData): readonly Child[] {
  const { graph } = data;
  const pipelines = graph.pipelines.length > 0;
  return [
    h('div', { class: 'picture', tabindex: 0, role: 'region', 'aria-label': 'Graph' }, graphPicture(graph.nodes, graph.edges)),
    noPointsYet(data),
    tableOf<GraphEdge>({
      caption: 'Points on each connection',
      columns: [
        { title: 'From', cell: ({ from }) => named(from, graph.nodes) },
        { title: 'To', cell: ({ to }) => named(to, graph.nodes) },
        ...(pipelines ? [{ title: 'Pipeline', cell: ({ pipeline }: GraphEdge) => pipeline ?? '' }] : []),
        { title: 'Now', numeric: true, cell: ({ rate }) => (isCounted(rate) ? figure(rate.now, 'points/s') : notCounted) },
        {
          title: 'Last 15 minutes',
          cell: ({ rate }) => isCounted(rate) && sparkline(rate.minutes, 'points/s', 'last 15 minutes'),
        },
        {
          title: 'Total',
          numeric: true,
          cell: ({ rate, total }) => (isCounted(rate) ? figure(total, 'points', exactly) : notCounted),
        },
        { title: 'Refused', numeric: true, cell: ({ refused }) => lost(refused) },
        { title: 'Failed', numeric: true, cell: (edge) => failedOn(edge, graph) },
      ],
      rows: graph.edges,
      key: edgeKey,
    }),
    components(data),
    reloads(data),
  ];
}

/** The pipeline has a column of its own. */
function named(key: string, nodes: readonly GraphNode[]): Child {
  const node = nodes.find((one) => one.key === key);
  return node === undefined ? key : [h('span', { class: 'kind' }, `${node.kind} `), node.id];
}

/** Of a bridge, recordings are not: that would cost each call. */
const isCounted = ({ minutes }: Rate) => minutes.length > 0;
const notCounted = h('span', { class: 'none' }, 'not counted');

const exactly = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });
const lost = (points: number): Element =>
  points > 0 ? h('span', { class: 'lost' }, figure(points, 'points', exactly)) : h('span', { class: 'none' }, 'none');

/** A queue takes points before they are sent: what it loses then is the component's, whichever connection it came by. */
function failedOn({ to, failed }: GraphEdge, { nodes }: PageData['graph']): Child {
  const behind = nodes.find(({ key, queue }) => key === to && queue !== undefined)?.sent?.failed ?? 0;
  if (behind <= failed) return lost(failed);
  return [lost(failed), ' here, ', lost(behind - failed), ' behind its queue'];
}

function noPointsYet({ graph, status }: PageData): Child {
  if (graph.nodes.some(({ received, sent }) => (received?.total ?? sent?.total ?? 0) > 0)) return undefined;
  if (status.kind === 'bridge')
    return nothingYet('Nobody has read the metrics yet.', 'Each scrape and each push appears here within a second.');
  const address = graph.nodes.flatMap(({ kind, listens }) => (kind === 'receiver' ? listens : []))[0];
  if (address === undefined) return nothingYet('No points yet.', 'Add a receiver to the configuration.');
  const endpoint = address.replace(/\/v1\/metrics$/, '');
  return nothingYet('No points yet.', [
    'Start a program with ',
    h('code', {}, `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`),
    ', or have one send OTLP to ',
    h('code', {}, address),
    '.',
  ]);
}
