/** Who sends, how much, and who went silent. */
import type { Producer } from '../model/index.ts';
import { type Child, h } from './node.ts';
import { ago, count, figure, seconds } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { nothingYet, tableOf } from './table.ts';

/** Clocks that differ by less, in seconds, are the same: it is the time on the way. */
const tolerated = 5;

export function producers({ producers: given, now }: PageData): Child {
  if (given === undefined) return undefined;
  if (given.known === 0)
    return nothingYet(
      'Nobody has sent anything yet.',
      'A producer appears with its first request: each resource, by its service.name and service.instance.id.',
    );
  const hidden = given.known - given.producers.length;
  return [
    tableOf<Producer>({
      caption: 'Producers, the busiest first',
      columns: [
        { title: 'Job and instance', cell: (producer) => nameOf(producer) },
        {
          title: 'SDK',
          cell: ({ sdk, sdkVersion, language }) =>
            [language, sdk, sdkVersion].filter((text) => text !== undefined).join(' ') || 'not said',
        },
        { title: 'Now', numeric: true, cell: ({ rate }) => figure(rate.now, 'points/s') },
        { title: 'Total', numeric: true, cell: ({ points }) => figure(points, 'points', count) },
        { title: 'Series', numeric: true, cell: ({ series }) => figure(series, 'series', count) },
        {
          title: 'Last seen',
          cell: ({ lastSeen, silent, everySeconds }) => [ago(lastSeen, now), silent && silence(everySeconds)],
        },
        { title: 'Clock', cell: ({ skewSeconds }) => clock(skewSeconds) },
        { title: 'Last refusal', cell: ({ refused, lastRefusal }) => refusal(refused, lastRefusal, now) },
      ],
      rows: given.producers,
      key: ({ key }) => key,
      tone: ({ silent }) => (silent ? 'silent' : undefined),
    }),
    hidden > 0 && h('p', { class: 'quiet' }, `${count(hidden)} more send less.`),
    given.forgotten > 0 &&
      h(
        'p',
        { class: 'quiet' },
        `${count(given.forgotten)} were forgotten: at most ${count(given.limit)} are kept, those that sent last.`,
      ),
  ];
}

function nameOf({ job, instance }: Producer): Child {
  return [
    h('strong', {}, job === '' ? 'without service.name' : job),
    instance !== '' && h('span', { class: 'instance' }, ` ${instance}`),
  ];
}

const silence = (every: number | undefined) =>
  h('span', { class: 'badge warns' }, every === undefined ? 'silent' : `silent, was every ${seconds(every)}`);

function clock(skew: number | undefined): Child {
  if (skew === undefined) return h('span', { class: 'unknown' }, 'sends no times');
  if (Math.abs(skew) < tolerated) return 'in step';
  return h('span', { class: 'badge warns' }, skew > 0 ? `${seconds(skew)} ahead` : `${seconds(-skew)} behind, or sent late`);
}

function refusal(refused: number, last: Producer['lastRefusal'], now: number): Child {
  if (last === undefined) return h('span', { class: 'none' }, refused === 0 ? 'none' : `${count(refused)} points`);
  return [h('span', { class: 'lost' }, `${count(refused)} points: `), last.why, ', ', ago(last.at, now)];
}
