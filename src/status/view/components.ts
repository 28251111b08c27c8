/** Each component: its state, queue, newest error and settings. */
import type { Flow, GraphNode } from '../model/index.ts';
import { anchorOf } from './anchor.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { ago, clockTime, count, figure, percent } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { sparkline } from './sparkline.ts';
import { stateBadge } from './state.ts';

export function components({ graph, now }: PageData): Element {
  return h(
    'div',
    { class: 'components' },
    h('h3', {}, 'Components'),
    graph.nodes.map((node) => component(node, now)),
  );
}

function component(node: GraphNode, now: number): Element {
  const { key, kind, id, pipeline, listens, queue, series, received, sent, lastError, since, settings } = node;
  return h(
    'details',
    { class: 'component', id: anchorOf(key), [keyAttribute]: key },
    h(
      'summary',
      {},
      h(
        'span',
        { class: 'component-name' },
        h('span', { class: 'kind' }, `${kind} `),
        h('strong', {}, id),
        pipeline !== undefined && ` in ${pipeline}`,
      ),
      stateBadge(node),
      h('span', { class: 'component-now' }, nowOf(node)),
    ),
    h(
      'dl',
      {},
      listens.length > 0 &&
        fact(
          'Listens',
          listens.map((address) => h('code', { class: 'block' }, address)),
        ),
      received !== undefined && fact('Came in', flowText(received)),
      sent !== undefined && fact('Went out', flowText(sent)),
      queue !== undefined &&
        fact('Queue', [
          `${count(queue.size)} of ${count(queue.capacity)} ${queue.unit ?? 'places'}`,
          queue.oldestAt !== undefined && [', the oldest came ', ago(queue.oldestAt, now)],
        ]),
      series !== undefined &&
        fact(
          'Keeps',
          `${limited(series.count, series.limit)} series in ${limited(series.families, series.familyLimit)} families`,
        ),
      fact(
        'Last error',
        lastError === undefined ? 'none' : [h('span', { class: 'lost' }, lastError.text), ', ', ago(lastError.at, now)],
      ),
      fact('Since', clockTime(since, now)),
    ),
    settings !== undefined && h('pre', { tabindex: 0, 'aria-label': `Settings of ${key}` }, settings),
  );
}

const limited = (value: number, limit: number | undefined) =>
  limit === undefined ? count(value) : `${count(value)} of ${count(limit)}`;

const fact = (name: string, value: Child): Child => [h('dt', {}, name), h('dd', {}, value)];

function flowText({ rate, total, refused, failed }: Flow): Child {
  return [
    figure(total, 'points', count),
    ', now ',
    figure(rate.now, 'points/s'),
    ' ',
    sparkline(rate.minutes, 'points/s', 'last 15 minutes'),
    refused > 0 && h('span', { class: 'lost' }, ` ${count(refused)} refused`),
    failed > 0 && h('span', { class: 'lost' }, ` ${count(failed)} failed`),
  ];
}

function nowOf({ queue, series, received, sent }: GraphNode): Child {
  if (queue !== undefined && queue.size > 0) return `queue ${percent(queue.size / queue.capacity)} full`;
  if (series !== undefined) return figure(series.count, 'series', count);
  const flow = received ?? sent;
  return flow === undefined ? undefined : figure(flow.rate.now, 'points/s');
}
