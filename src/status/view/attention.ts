/** What somebody should look at now, the worst first: read from the same answers as the rest of the page. */
import type { GraphNode } from '../model/index.ts';
import { anchorOf } from './anchor.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { ago, count, percent } from './numbers.ts';
import type { PageData } from './page-data.ts';

interface Point {
  readonly key: string;
  readonly tone: 'bad' | 'warns';
  readonly what: Child;
  readonly more: Child;
  readonly href: string;
}

/** A refusal is news for this long, in milliseconds. */
const newsMs = 5 * 60_000;
/** The part of a limit from which it is worth a line. */
const nearly = 0.9;

export function attention(data: PageData): Element {
  const points = [...ofNodes(data), ...ofRefusals(data), ...ofLimits(data), ...ofProducers(data), ...ofDisk(data)];
  if (points.length === 0)
    return h('p', { class: 'all-well', role: 'status' }, h('span', { class: 'badge-dot', 'aria-hidden': 'true' }), calm(data));
  return h(
    'section',
    { class: 'attention', 'aria-label': 'Needs attention' },
    h(
      'ul',
      {},
      points.map(({ key, tone, what, more, href }) =>
        h('li', { class: tone, [keyAttribute]: key }, h('a', { href }, what), h('span', { class: 'attention-more' }, more)),
      ),
    ),
  );
}

function calm({ graph }: PageData): string {
  const flows = graph.nodes.some(({ received, sent }) => (received?.total ?? sent?.total ?? 0) > 0);
  return flows
    ? 'Nothing needs attention: every component works, and nothing was refused in the last 5 minutes.'
    : 'Every component works. No points have come yet.';
}

function ofNodes({ graph, now }: PageData): readonly Point[] {
  return graph.nodes
    .filter(({ state }) => state === 'failing' || state === 'blocked')
    .map((node) => ({
      key: `node ${node.key}`,
      tone: 'bad',
      what: [
        h('strong', {}, `${node.kind} ${node.id}`),
        node.state === 'blocked' ? ' does not take points: its queue is full' : failingText(node),
      ],
      more: [queueText(node, now), node.lastError !== undefined && [node.lastError.text, ', ', ago(node.lastError.at, now)]],
      href: `#${anchorOf(node.key)}`,
    }));
}

const failingText = ({ kind, queue }: GraphNode) =>
  kind === 'exporter' && queue !== undefined ? ' does not deliver' : ' failed with its newest batch';

function queueText({ queue }: GraphNode, now: number): Child {
  if (queue === undefined || queue.size === 0) return undefined;
  const oldest = queue.oldestAt !== undefined && [', the oldest came ', ago(queue.oldestAt, now)];
  return [
    `${count(queue.size)} of ${count(queue.capacity)} ${queue.unit ?? 'places'} wait (${percent(queue.size / queue.capacity)})`,
    oldest,
    '. ',
  ];
}

function ofRefusals({ refusals, now }: PageData): readonly Point[] {
  const news = (refusals?.refusals ?? []).filter(({ lastAt }) => now - lastAt < newsMs);
  return news.slice(0, 3).map(({ key, what, count: lost, unit, by, happened, lastAt }) => ({
    key: `refusal ${key}`,
    tone: what === 'folded' || what === 'reported' ? 'warns' : 'bad',
    what: [h('strong', {}, `${count(lost)} ${lost === 1 ? unit.slice(0, -1) : unit} ${what}`), ` by ${by}`],
    more: [happened, ', ', ago(lastAt, now)],
    href: '#refused',
  }));
}

function ofLimits({ status, series }: PageData): readonly Point[] {
  const uses = (series?.stores ?? []).flatMap(({ key, limited }) =>
    limited === undefined
      ? []
      : [{ name: `series of ${key}`, used: limited.series, limit: limited.seriesLimit, href: '#series' }],
  );
  if (status.memory !== undefined) uses.push({ name: 'memory of senders', ...status.memory, href: '#flow' });
  return uses
    .filter(({ used, limit }) => used >= limit * nearly)
    .map(({ name, used, limit, href }) => ({
      key: `limit ${name}`,
      tone: 'warns',
      what: [h('strong', {}, `${percent(used / limit)} of the limit`), ` of ${name}`],
      more: 'What is new will be refused at the limit; what is known goes on.',
      href,
    }));
}

function ofProducers({ producers, now }: PageData): readonly Point[] {
  const silent = (producers?.producers ?? []).filter((producer) => producer.silent);
  const [first] = silent;
  if (first === undefined) return [];
  const others = silent.length > 1 ? ` and ${count(silent.length - 1)} more` : '';
  return [
    {
      key: 'silent',
      tone: 'warns',
      what: [h('strong', {}, `${first.job} ${first.instance}`.trim()), `${others} went silent`],
      more: ['It sent regularly; the last time was ', ago(first.lastSeen, now)],
      href: '#producers',
    },
  ];
}

function ofDisk({ config }: PageData): readonly Point[] {
  if (config === undefined || config.disk.state === 'same' || config.disk.state === 'unread') return [];
  const wrong = config.disk.state === 'wrong';
  const what = wrong ? 'The configuration on disk is wrong' : 'The configuration on disk differs from the one in effect';
  const more = wrong ? 'A reload would be rejected.' : 'A reload would apply it.';
  return [{ key: 'disk', tone: 'warns', what: h('strong', {}, what), more, href: '#configuration' }];
}
