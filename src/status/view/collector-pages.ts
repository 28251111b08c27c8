/** What the Collector's `zpages` extension shows at the same paths: the service, its pipelines, extensions and feature gates. */
import type { Extensions, Features, Pipeline } from '../model/index.ts';
import { type Child, type Element, h } from './node.ts';
import { clockTime, duration } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { nothingYet, tableOf } from './table.ts';

export interface CollectorPage {
  readonly title: string;
  readonly body: Element;
}

/** Undefined: no page of this path. */
export function collectorPage(
  path: string,
  data: PageData,
  extensions?: Extensions,
  features?: Features,
): CollectorPage | undefined {
  if (path === '/debug/servicez') return shown('Service', service(data));
  if (path === '/debug/pipelinez') return shown('Pipelines', pipelines(data.graph.pipelines));
  if (path === '/debug/extensionz' && extensions !== undefined) return shown('Extensions', extensionList(extensions, data.now));
  if (path === '/debug/featurez' && features !== undefined) return shown('Feature gates', featureList(features));
  return undefined;
}

const others = ['servicez', 'pipelinez', 'extensionz', 'featurez'] as const;

function shown(title: string, content: Child): CollectorPage {
  const links = others.map((name) => h('li', {}, h('a', { href: `/debug/${name}` }, name)));
  return {
    title,
    body: h(
      'div',
      { id: 'page' },
      h('header', { class: 'top' }, h('h1', {}, title), h('p', {}, h('a', { href: '/' }, 'The whole page'))),
      h('nav', { 'aria-label': 'Pages' }, h('ul', {}, links)),
      h('main', {}, content),
    ),
  };
}

function service({ status, now }: PageData): Child {
  const facts: readonly (readonly [string, Child])[] = [
    ['Command', status.name],
    ['Version', status.version],
    ['Started', clockTime(status.startedAt, now)],
    ['Up', duration(now - status.startedAt)],
    ['Ready', status.ready ? 'yes' : 'not yet'],
    ['Process', `${status.pid}`],
    ['Node.js', status.node],
  ];
  return tableOf<(typeof facts)[number]>({
    caption: 'The service',
    columns: [
      { title: 'What', cell: ([name]) => name },
      { title: 'Value', cell: ([, value]) => value },
    ],
    rows: facts,
    key: ([name]) => name,
  });
}

function pipelines(rows: readonly Pipeline[]): Child {
  const list = (ids: readonly string[]) => (ids.length === 0 ? 'none' : ids.join(', '));
  return tableOf<Pipeline>({
    caption: 'Pipelines',
    columns: [
      { title: 'Pipeline', cell: ({ id }) => id },
      { title: 'Receivers', cell: ({ receivers }) => list(receivers) },
      { title: 'Processors', cell: ({ processors }) => list(processors) },
      { title: 'Exporters', cell: ({ exporters }) => list(exporters) },
    ],
    rows,
    key: ({ id }) => id,
  });
}

function extensionList({ extensions }: Extensions, now: number): Child {
  return tableOf<Extensions['extensions'][number]>({
    caption: 'Extensions',
    columns: [
      { title: 'Extension', cell: ({ id }) => id },
      { title: 'Since', cell: ({ since }) => clockTime(since, now) },
      { title: 'Listens', cell: ({ listens }) => listens.map((address) => h('code', { class: 'block' }, address)) },
    ],
    rows: extensions,
    key: ({ id }) => id,
  });
}

function featureList({ features }: Features): Child {
  if (features.length === 0)
    return nothingYet(
      'Meterbridge has no feature gates.',
      "Every feature has a key in the configuration, or an option of 'meterbridge serve'.",
    );
  return tableOf<Features['features'][number]>({
    caption: 'Feature gates',
    columns: [
      { title: 'Gate', cell: ({ id }) => id },
      { title: 'Enabled', cell: ({ enabled }) => (enabled ? 'yes' : 'no') },
      { title: 'Stage', cell: ({ stage }) => stage },
      { title: 'Description', cell: ({ description }) => description },
    ],
    rows: features,
    key: ({ id }) => id,
  });
}
