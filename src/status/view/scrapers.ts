/** Who reads the metrics, how often, and what that costs. */
import type { Scraper } from '../model/index.ts';
import { type Child, h } from './node.ts';
import { ago, bytes, count, figure, seconds } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { nothingYet, tableOf } from './table.ts';

const formats: Readonly<Record<Scraper['format'], string>> = {
  openmetrics: 'OpenMetrics text',
  text: 'Prometheus text',
  protobuf: 'Prometheus protobuf',
  json: 'JSON',
  none: 'no body',
};

export function scrapers({ scrapers: given, graph, now }: PageData): Child {
  if (given === undefined) return undefined;
  const { elsewhere } = given;
  if (given.scrapers.length === 0) {
    if (elsewhere !== undefined)
      return nothingYet('Nobody has scraped the listener that has this page.', otherListeners(elsewhere));
    const address = graph.nodes.flatMap(({ kind, listens }) => (kind === 'exporter' || kind === 'reader' ? listens : []))[0];
    const todo =
      address === undefined
        ? 'A scraper appears with its first request.'
        : ['Give Prometheus the address ', h('code', {}, address), '. A scraper appears with its first request.'];
    return nothingYet('Nobody has scraped yet.', todo);
  }
  return [
    tableOf<Scraper>({
      caption: 'Scrapers, the newest first',
      columns: [
        {
          title: 'Client',
          cell: ({ client, userAgent }) => [
            h('strong', {}, userAgent === '' ? 'without a name' : userAgent),
            ` from ${client ?? 'a Unix socket'}`,
          ],
        },
        { title: 'Reads', cell: ({ endpoint }) => endpoint },
        { title: 'Every', numeric: true, cell: ({ everySeconds }) => figure(everySeconds, '', seconds) },
        { title: 'Last', cell: ({ lastAt }) => ago(lastAt, now) },
        { title: 'Format', cell: ({ format, compressed }) => `${formats[format]}${compressed ? ', gzip' : ''}` },
        { title: 'Size', numeric: true, cell: ({ bytes: size }) => figure(size, '', bytes) },
        {
          title: 'Took',
          numeric: true,
          cell: ({ seconds: took, slowestSeconds }) => [
            figure(took, '', seconds),
            h('span', { class: 'quiet' }, `, slowest ${seconds(slowestSeconds)}`),
          ],
        },
        { title: 'Status', cell: ({ status, failed, lastFailure }) => statusOf(status, failed, lastFailure, now) },
        { title: 'Scrapes', numeric: true, cell: ({ scrapes }) => figure(scrapes, 'scrapes', count) },
      ],
      rows: given.scrapers,
      key: ({ key }) => key,
    }),
    given.forgotten > 0 &&
      h('p', { class: 'quiet' }, `${count(given.forgotten)} were forgotten: at most ${count(given.limit)} are kept.`),
    elsewhere !== undefined && h('p', { class: 'quiet' }, otherListeners(elsewhere)),
  ];
}

function otherListeners(scrapes: number): Child {
  return [
    figure(scrapes, scrapes === 1 ? 'scrape' : 'scrapes', count),
    ' came by other listeners or routes of this program. Their clients are not known here.',
  ];
}

function statusOf(status: number, failed: number, last: Scraper['lastFailure'], now: number): Child {
  const badge = h('span', { class: `badge ${status === 200 ? 'good' : 'bad'}` }, `${status}`);
  return [
    badge,
    failed > 0 && h('span', { class: 'lost' }, ` ${count(failed)} not 200`),
    last !== undefined && [`, last ${last.status} `, ago(last.at, now)],
  ];
}
