/** The five numbers that are looked at first. */
import type { Flow, GraphNode, Rate } from '../model/index.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { bytes, count, figure, percent, rounded } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { sparkline } from './sparkline.ts';

const overTime = 'last 15 minutes';

export function vitals({ status, graph, series }: PageData): Element {
  const coming = total(graph.nodes.map(({ received }) => received));
  const going = total(graph.nodes.map(({ sent }) => sent));
  const lost = lostOf(graph);
  const kept = series?.stores.reduce((sum, store) => sum + store.series, 0);
  const limit = series?.stores.reduce((sum, { limited }) => sum + (limited?.seriesLimit ?? Number.NaN), 0);
  const limited = series?.stores.reduce((sum, store) => sum + (store.limited?.series ?? 0), 0) ?? 0;
  return h(
    'section',
    { class: 'vitals', 'aria-label': 'At a glance' },
    graph.nodes.some(({ kind, received }) => kind === 'receiver' || received !== undefined) &&
      tile('Comes in', figure(coming.now, 'points/s'), sparkline(coming.minutes, 'points/s', overTime)),
    tile('Goes out', figure(going.now, 'points/s'), sparkline(going.minutes, 'points/s', overTime)),
    tile(
      'Refused or failed',
      figure(lost.now, 'points/s'),
      lost.total > 0 ? `${count(lost.total)} points since the start` : 'no point since the start',
      lost,
    ),
    kept !== undefined && tile('Series', figure(kept, 'series', count), bar(limited, limit, `of ${rounded(limit ?? 0)}`)),
    status.memory !== undefined
      ? tile(
          'Memory of senders',
          figure(status.memory.used, '', bytes),
          bar(status.memory.used, status.memory.limit, `of ${bytes(status.memory.limit)}`),
        )
      : tile('Memory of the process', figure(status.residentBytes, '', bytes), `${rounded(status.cpuSeconds)} processor seconds`),
  );
}

function tile(title: string, value: Child, below: Child, lost?: { readonly now: number | undefined }): Element {
  const tone = (lost?.now ?? 0) > 0 ? ' bad' : '';
  return h(
    'div',
    { class: `tile${tone}`, [keyAttribute]: title },
    h('h2', {}, title),
    h('p', { class: 'tile-value' }, value),
    h('div', { class: 'tile-below' }, below),
  );
}

/** How much of a limit is used. Without a limit, nothing. */
function bar(used: number, limit: number | undefined, text: string): Child {
  if (limit === undefined || !Number.isFinite(limit) || limit <= 0) return 'no limit';
  const part = Math.min(1, used / limit);
  const width = 120;
  return [
    h(
      'svg',
      {
        class: `bar ${part > 0.9 ? 'bad' : ''}`.trim(),
        viewBox: `0 0 ${width} 6`,
        width,
        height: 6,
        'aria-hidden': 'true',
        preserveAspectRatio: 'none',
      },
      h('rect', { class: 'track', width, height: 6, rx: 3 }),
      h('rect', { class: 'fill', width: (width * part).toFixed(1), height: 6, rx: 3 }),
    ),
    h('span', {}, `${percent(used / limit)} ${text}`),
  ];
}

interface Total {
  readonly now: number | undefined;
  readonly minutes: readonly (number | null)[];
}

function total(flows: readonly (Flow | undefined)[]): Total {
  return sum(flows.flatMap((flow) => (flow === undefined ? [] : [flow.rate])));
}

/** Points that were refused or failed. */
interface Lost extends Total {
  readonly total: number;
}

/** Each loss once, where it happened: whoever handed the points on reports them, too. */
function lostOf(graph: PageData['graph']): Lost {
  const all = graph.nodes.map((node) => lostBy(node, graph));
  return { ...sum(all), total: add(all.map((one) => one.total)) };
}

/**
 * What a node lost itself. An exporter counts that. Any other one hands back what those behind it lost, of which a point that two
 * of them lost is handed back once, so the difference may be too small but never too large. What a bridge rejects is on the edges
 * to its store.
 */
function lostBy({ key, received, sent }: GraphNode, { edges }: PageData['graph']): Lost {
  if (sent !== undefined) return losses([sent]);
  const behind = losses(edges.filter(({ from }) => from === key));
  return without(losses(received !== undefined ? [received] : edges.filter(({ to }) => to === key)), behind);
}

function losses(flows: readonly Flow[]): Lost {
  const rates = flows.flatMap(({ refusedRate, failedRate }) => [refusedRate, failedRate]);
  return { ...sum(rates), total: add(flows.map(({ refused, failed }) => refused + failed)) };
}

function without(all: Lost, behind: Lost): Lost {
  const less = (one: number, other: number | null | undefined) => Math.max(0, one - (other ?? 0));
  return {
    now: all.now === undefined ? undefined : less(all.now, behind.now),
    minutes: all.minutes.map((value, minute) => (value === null ? null : less(value, behind.minutes[minute]))),
    total: less(all.total, behind.total),
  };
}

/** What is not known of one is not known of the sum, except where others are known: those are shown. */
function sum(rates: readonly (Rate | Total)[]): Total {
  const known = rates.flatMap(({ now }) => (now === undefined ? [] : [now]));
  const length = Math.max(0, ...rates.map(({ minutes }) => minutes.length));
  const minutes = Array.from({ length }, (_, index) => {
    const values = rates.map((rate) => rate.minutes[index] ?? null).filter((value) => value !== null);
    return values.length === 0 ? null : add(values);
  });
  return { now: known.length === 0 ? undefined : add(known), minutes };
}

const add = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
