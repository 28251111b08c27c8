/** What reloads have changed, and when. */
import { type Child, h, keyAttribute } from './node.ts';
import { clockTime } from './numbers.ts';
import type { PageData } from './page-data.ts';

const outcomes = {
  done: ['good', 'applied'],
  wrong: ['bad', 'rejected: the configuration is wrong'],
  failed: ['bad', 'failed: a component could not start'],
} as const;

export function reloads({ graph, now, status }: PageData): Child {
  if (status.kind === 'bridge') return undefined;
  if (graph.reloads.length === 0)
    return h('p', { class: 'quiet' }, 'No reload since the start. Send SIGHUP to the process to reload its configuration.');
  return h(
    'div',
    { class: 'reloads' },
    h('h3', {}, 'Reloads'),
    h(
      'ol',
      { reversed: true },
      graph.reloads.map(({ at, outcome, lines, added, removed, replaced }) => {
        const [tone, word] = outcomes[outcome];
        return h(
          'li',
          { class: 'reload', [keyAttribute]: `${at}` },
          clockTime(at, now),
          ' ',
          h('span', { class: `badge ${tone}` }, word),
          changes('added', added),
          changes('removed', removed),
          changes('new settings', replaced),
          lines.length > 0 &&
            h(
              'ul',
              { class: 'reload-lines' },
              lines.map((line) => h('li', {}, line)),
            ),
        );
      }),
    ),
  );
}

const changes = (word: string, keys: readonly string[]): Child => keys.length > 0 && ` ${word}: ${keys.join(', ')}.`;
