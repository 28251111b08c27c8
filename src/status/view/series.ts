/** Which metric and which label take the room. */
import type { FamilyRow, LabelRow, Labels, PerMinute, SeriesStore } from '../model/index.ts';
import { valuesOf } from './distinct-values.ts';
import { family } from './family.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { bytes, count, figure, percent, seconds } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { sparkline } from './sparkline.ts';
import { nothingYet, tableOf } from './table.ts';

export function series(data: PageData): Child {
  const { series: given, labels, status } = data;
  if (given === undefined) return undefined;
  if (given.stores.length === 0)
    return nothingYet('No component keeps series.', 'The exporter prometheus does; it is in no pipeline here.');
  return [
    given.stores.map((store) => storeOf(store, given.stores.length > 1)),
    family(data),
    status.parts.includes('labels') && labelsOf(labels, data.now),
  ];
}

function storeOf(store: SeriesStore, several: boolean): Element {
  const { key, series: size, families, bytes: room } = store;
  return h(
    'div',
    { [keyAttribute]: key },
    several && h('h3', {}, key),
    h(
      'p',
      { class: 'quiet' },
      `${count(size)} series in ${count(families)} families`,
      room !== undefined && `, which take ${bytes(room)}`,
      `. ${limitsOf(store)}${churn(store)}`,
    ),
    store.top.length === 0
      ? nothingYet('No series yet.', 'A family appears with its first point.')
      : tableOf<FamilyRow>({
          caption: 'Families, those with the most series first',
          columns: [
            {
              title: 'Family',
              cell: ({ name }) => h('a', { href: familyLink(key, name), 'data-family': name, 'data-store': key }, name),
            },
            { title: 'Type', cell: ({ type, unit }) => [type, unit !== '' && h('span', { class: 'unit' }, ` ${unit}`)] },
            { title: 'Series', numeric: true, cell: ({ series: own }) => figure(own, 'series', count) },
            { title: 'Part', numeric: true, cell: ({ share }) => percent(share) },
            { title: 'New', numeric: true, cell: ({ created }) => [figure(at(created), 'a minute', count)] },
            { title: 'Expired', numeric: true, cell: ({ expired }) => [figure(at(expired), 'a minute', count)] },
            { title: 'New, 15 minutes', cell: ({ created }) => sparkline(created, 'new series a minute', 'last 15 minutes') },
          ],
          rows: store.top,
          key: ({ name }) => name,
        }),
    families > store.top.length &&
      h('p', { class: 'quiet' }, `${count(families - store.top.length)} families have fewer series.`),
  );
}

function limitsOf({ limited }: SeriesStore): string {
  if (limited === undefined) return '';
  const { series: used, seriesLimit, families, familyLimit } = limited;
  return `What was sent is ${count(used)} of ${count(seriesLimit)} series and ${count(families)} of ${count(familyLimit)} families. `;
}

/** Of the last full minute: the one under way is not comparable yet. */
const at = (minutes: PerMinute): number | undefined => minutes.at(-2) ?? undefined;

function churn({ created, expired }: SeriesStore): string {
  const [came, went] = [at(created), at(expired)];
  if (came === undefined || went === undefined) return 'How many come and go is known after the first full minute.';
  return `${count(came)} came and ${count(went)} went in the last full minute.`;
}

const familyLink = (store: string, name: string) =>
  `/?store=${encodeURIComponent(store)}&name=${encodeURIComponent(name)}#family`;

function labelsOf(labels: Labels | undefined, now: number): Element {
  return h(
    'div',
    { class: 'labels' },
    h('h3', {}, 'Labels by distinct values'),
    labels === undefined
      ? h(
          'p',
          {},
          'Counted only on request, because every series is read. ',
          h('a', { class: 'button', href: '/?labels=1#series', 'data-labels': '' }, 'Count now'),
        )
      : labels.stores.map(({ key, read, complete, labels: rows }) => [
          h(
            'p',
            { class: 'quiet' },
            `${key}: ${count(read)} series read ${seconds(Math.max(0, now - labels.at) / 1_000)} ago`,
            complete ? '. ' : '; the count ended at its bound, so there may be more. ',
            h('a', { class: 'button', href: '/?labels=1#series', 'data-labels': '' }, 'Count again'),
          ),
          tableOf<LabelRow>({
            caption: `Labels of ${key}, those with the most values first`,
            columns: [
              { title: 'Label', cell: ({ name }) => h('code', {}, name) },
              { title: 'Values', numeric: true, cell: valuesOf },
              { title: 'Series', numeric: true, cell: ({ series: own }) => figure(own, 'series', count) },
            ],
            rows,
            key: ({ name }) => `${key} ${name}`,
          }),
        ]),
  );
}
