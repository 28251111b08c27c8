/** One family: what its series have in common, who sends them, and how to ask for them. */
import type { Family, Status } from '../model/index.ts';
import { valuesOf } from './distinct-values.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { count, figure, percent, rounded } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { sparkline } from './sparkline.ts';
import { tableOf } from './table.ts';

export function family({ family: wanted, status }: PageData): Child {
  if (wanted === undefined) return undefined;
  const { name, found } = wanted;
  const close = h('a', { class: 'button', href: '/#series', 'data-close-family': '' }, 'Close');
  const head = h('div', { class: 'family-head' }, h('h3', { id: 'family', tabindex: -1 }, name), close);
  if (found === undefined) return h('div', { class: 'family' }, head, h('p', {}, 'Its series are being read…'));
  if (found === 'gone')
    return h(
      'div',
      { class: 'family' },
      head,
      h('p', {}, 'There is no such family now: all of its series have expired, or its name has changed.'),
    );
  return h(
    'div',
    { class: 'family', [keyAttribute]: name },
    head,
    facts(found),
    labelsOf(found, status),
    sendersOf(found),
    conflictsOf(found),
    queriesOf(found),
  );
}

function facts(found: Family): Element {
  const { type, unit, help, series, share, read, complete, bounds } = found;
  return h(
    'div',
    { class: 'family-facts' },
    h('p', { class: 'help' }, help === '' ? 'It has no description.' : help),
    h(
      'dl',
      {},
      fact('Type', type),
      fact('Unit', unit === '' ? 'none' : unit),
      fact('Series', [figure(series, 'series', count), `, ${percent(share)} of all`]),
      !complete && fact('Read', `the first ${count(read)} series: numbers below are of those`),
      bounds !== undefined && fact('Buckets', bounds.map((bound) => rounded(bound)).join(', ')),
      fact('Newest value', newestOf(found)),
    ),
  );
}

const aggregates: Readonly<Record<Family['type'], string>> = {
  gauge: 'the mean of its series',
  updowncounter: 'the sum of its series',
  counter: 'the sum of its series',
  histogram: 'the sum of its counts',
  gaugehistogram: 'the sum of its counts',
  summary: 'the sum of its counts',
  info: 'the number of its series',
  stateset: 'the mean of its series',
  unknown: 'the mean of its series',
};

function newestOf({ newest, type, unit }: Family): Child {
  const last = newest.at(-1);
  if (last === undefined) return 'not read yet';
  const values = newest.map(({ value }) => value);
  return [
    figure(last.value, unit, rounded),
    ` (${aggregates[type]}) `,
    sparkline(values, unit, 'since this family is looked at'),
  ];
}

const fact = (name: string, value: Child): Child => [h('dt', {}, name), h('dd', {}, value)];

function labelsOf({ labels, name }: Family, { showsValues, kind }: Status): Child {
  if (labels.length === 0) return h('p', { class: 'quiet' }, 'Its series have no labels.');
  return [
    tableOf<Family['labels'][number]>({
      caption: `Labels of ${name}`,
      columns: [
        { title: 'Label', cell: ({ name: label }) => h('code', {}, label) },
        { title: 'Values', numeric: true, cell: valuesOf },
        { title: 'Series', numeric: true, cell: ({ series }) => figure(series, 'series', count) },
        ...(showsValues ? [{ title: 'Most frequent values', cell: topOf }] : []),
      ],
      rows: labels,
      key: ({ name: label }) => label,
    }),
    !showsValues && h('p', { class: 'quiet' }, 'Values are not shown, because they may name people. ', howToShow[kind]),
  ];
}

/** A bridge has no flag: its environment decides. */
const howToShow: Readonly<Record<Status['kind'], readonly Child[]>> = {
  serve: ['Start with ', h('code', {}, '--show-values'), ' to show them.'],
  bridge: ['They are shown where ', h('code', {}, 'NODE_ENV'), ' is not ', h('code', {}, 'production'), '.'],
};

function topOf({ top }: Family['labels'][number]): Child {
  if (top === undefined || top.length === 0) return 'none';
  return h(
    'ul',
    { class: 'values' },
    top.map(({ value, series }) => h('li', {}, h('code', {}, value === '' ? '""' : value), ` ${count(series)} series`)),
  );
}

function sendersOf({ senders, name }: Family): Child {
  if (senders === undefined || senders.length === 0) return undefined;
  return tableOf<NonNullable<Family['senders']>[number]>({
    caption: `Who sends ${name}`,
    columns: [
      { title: 'Job', cell: ({ job }) => job || 'without service.name' },
      { title: 'Instance', cell: ({ instance }) => instance || 'without service.instance.id' },
      { title: 'Series', numeric: true, cell: ({ series }) => figure(series, 'series', count) },
    ],
    rows: senders,
    key: ({ job, instance }) => `${job} ${instance}`,
  });
}

function conflictsOf({ conflicts }: Family): Child {
  if (conflicts.length === 0)
    return h('p', { class: 'quiet' }, 'No conflict: all senders agree on its type, unit and description.');
  return h(
    'div',
    { class: 'conflicts' },
    h('h4', {}, 'Conflicts'),
    h(
      'ul',
      {},
      conflicts.map((conflict) => h('li', { class: 'lost' }, conflict)),
    ),
  );
}

function queriesOf({ promql }: Family): Child {
  return (
    promql.length > 0 && [
      h('h4', {}, 'PromQL'),
      h(
        'ul',
        { class: 'queries' },
        promql.map(({ title, query }) =>
          h(
            'li',
            { class: 'query', [keyAttribute]: query },
            h('span', {}, `${title} `),
            h('code', {}, query),
            h('button', { type: 'button', class: 'button scripted', 'data-copy': query }, 'Copy'),
          ),
        ),
      ),
    ]
  );
}
