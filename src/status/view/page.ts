/** The page: each part from its own module, in the order in which they are asked for. */
import { attention } from './attention.ts';
import { configuration } from './configuration.ts';
import { flow } from './flow.ts';
import { navigation, type Place, pageHeader } from './header.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { count } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { producers } from './producers.ts';
import { refusals } from './refusals.ts';
import { scrapers } from './scrapers.ts';
import { series } from './series.ts';
import { vitals } from './vitals.ts';

interface Section extends Place {
  readonly about: string;
  readonly content: Child;
}

/** The `body`'s only child. */
export function page(data: PageData): Element {
  const sections = sectionsOf(data);
  return h(
    'div',
    { id: 'page' },
    h('a', { class: 'skip', href: '#flow' }, 'Skip to the graph'),
    pageHeader(data),
    navigation(sections),
    h(
      'main',
      {},
      attention(data),
      vitals(data),
      sections.map(({ id, title, about, content }) =>
        h(
          'section',
          { id, [keyAttribute]: id, 'aria-labelledby': `${id}-title` },
          h('h2', { id: `${id}-title` }, title),
          h('p', { class: 'about' }, about),
          h('div', { class: 'content' }, content),
        ),
      ),
    ),
    footer(data),
  );
}

function sectionsOf(data: PageData): readonly Section[] {
  const { producers: sent, scrapers: read, series: kept, refusals: lost, config } = data;
  const silent = sent?.producers.filter((producer) => producer.silent).length ?? 0;
  const all: readonly (Section | false)[] = [
    { id: 'flow', title: 'Flow', about: 'What comes in, where it goes, and what is lost on the way.', content: flow(data) },
    lost !== undefined && {
      id: 'refused',
      title: 'Refused, folded, dropped',
      about: 'Each with its sender, what happened, and the fix.',
      badge: count(lost.refusals.length),
      tone: lost.refusals.length > 0 ? 'bad' : undefined,
      content: refusals(data),
    },
    sent !== undefined && {
      id: 'producers',
      title: 'Producers',
      about: 'Who sends, as their resources say.',
      badge: count(sent.known),
      tone: silent > 0 ? 'warns' : undefined,
      content: producers(data),
    },
    read !== undefined && {
      id: 'scrapers',
      title: 'Scrapers',
      about: 'Who reads, how often, and what that costs.',
      badge: count(read.scrapers.length),
      content: scrapers(data),
    },
    kept !== undefined && {
      id: 'series',
      title: 'Series',
      about: 'Which metric and which label take the room.',
      badge: count(kept.stores.reduce((sum, store) => sum + store.series, 0)),
      content: series(data),
    },
    config !== undefined && {
      id: 'configuration',
      title: 'Configuration',
      about: 'What is in effect, and what a reload would change.',
      content: configuration(data),
    },
  ];
  return all.filter((section) => section !== false);
}

const collectorPages = ['servicez', 'pipelinez', 'extensionz', 'featurez'] as const;

function footer({ status }: PageData): Element {
  const link = (href: string, text: string) => h('li', {}, h('a', { href }, text));
  return h(
    'footer',
    {},
    h(
      'ul',
      { 'aria-label': 'The same as data' },
      status.parts.filter((part) => part !== 'family').map((part) => link(`/api/${part}`, `${part}.json`)),
      status.parts.includes('extensions') && collectorPages.map((name) => link(`/debug/${name}`, name)),
    ),
  );
}
