/** Whose page this is, and whether what it shows is of now. */
import { type Element, h } from './node.ts';
import { clockTime, duration } from './numbers.ts';
import type { PageData } from './page-data.ts';

const liveness: Readonly<Record<PageData['live'], { readonly tone: string; readonly text: string }>> = {
  still: { tone: 'waits', text: 'as of loading: reload for newer numbers' },
  live: { tone: 'good', text: 'live, once a second' },
  paused: { tone: 'waits', text: 'paused while this tab is hidden' },
  lost: { tone: 'bad', text: 'no response: trying again' },
};

export function pageHeader({ status, now, live }: PageData): Element {
  const { tone, text } = liveness[live];
  return h(
    'header',
    { class: 'top' },
    h(
      'div',
      { class: 'top-names' },
      h('h1', {}, status.kind === 'serve' ? 'Meterbridge' : status.name),
      h(
        'p',
        { class: 'top-facts' },
        status.kind === 'bridge' && 'an application with Meterbridge ',
        `${status.version}, up ${duration(now - status.startedAt)}, process ${status.pid}, Node.js ${status.node.replace(/^v/, '')}`,
        !status.ready && h('span', { class: 'badge waits' }, 'not ready yet'),
      ),
    ),
    h(
      'p',
      { class: `liveness ${tone}`, role: 'status' },
      h('span', { class: 'badge-dot', 'aria-hidden': 'true' }),
      h('span', {}, text),
      live === 'lost' && h('span', {}, ' since ', clockTime(now, now)),
    ),
  );
}

export interface Place {
  readonly id: string;
  readonly title: string;
  /** Shown beside the title in the navigation. */
  readonly badge?: string | undefined;
  readonly tone?: string | undefined;
}

export function navigation(places: readonly Place[]): Element {
  return h(
    'nav',
    { 'aria-label': 'Parts of this page' },
    h(
      'ul',
      {},
      places.map(({ id, title, badge, tone }) =>
        h(
          'li',
          {},
          h('a', { href: `#${id}` }, title, badge !== undefined && h('span', { class: `count ${tone ?? ''}`.trim() }, badge)),
        ),
      ),
    ),
  );
}
