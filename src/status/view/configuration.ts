/** The configuration in effect, and what differs from it on disk. */
import type { Config, DiskState } from '../model/index.ts';
import { type Child, h } from './node.ts';
import { clockTime } from './numbers.ts';
import type { PageData } from './page-data.ts';

export function configuration({ config, now }: PageData): Child {
  if (config === undefined) return undefined;
  return [
    h(
      'p',
      { class: 'quiet' },
      `From ${config.sources.join(', ')}, in effect since `,
      clockTime(config.loadedAt, now),
      '. Secrets read [REDACTED].',
    ),
    disk(config),
    h(
      'details',
      { class: 'yaml' },
      h('summary', {}, 'All of it, with defaults'),
      h('pre', { tabindex: 0, 'aria-label': 'Configuration in effect' }, config.yaml),
    ),
  ];
}

function disk({ disk: state }: Config): Child {
  if (state.state === 'differs') return difference(state);
  if (state.state === 'wrong') return wrong(state.problems);
  if (state.state === 'same')
    return h('p', { class: 'same' }, h('span', { class: 'badge good' }, 'same on disk'), ' A reload would change nothing.');
  return h('p', {}, h('span', { class: 'badge waits' }, 'not compared'), ' The service cannot read its configuration again.');
}

function wrong(problems: readonly string[]): Child {
  return h(
    'div',
    {},
    h('p', {}, h('span', { class: 'badge bad' }, 'wrong on disk'), ' A reload would be rejected for these reasons:'),
    h(
      'ul',
      {},
      problems.map((problem) => h('li', {}, h('code', {}, problem))),
    ),
  );
}

function difference({ lines, secrets }: Extract<DiskState, { readonly state: 'differs' }>): Child {
  return h(
    'div',
    {},
    h('p', {}, h('span', { class: 'badge warns' }, 'differs on disk'), ' A reload would make these changes:'),
    lines.length > 0 &&
      h('pre', { class: 'difference', tabindex: 0, 'aria-label': 'Difference to the configuration on disk' }, lines.map(lineOf)),
    secrets.length > 0 && h('p', {}, `Other secrets, which are not shown: ${secrets.join(', ')}.`),
  );
}

const marks = { same: ' ', added: '+', removed: '-' } as const;
const tags = { same: 'span', added: 'ins', removed: 'del' } as const;
const lineOf = ({ what, text }: { readonly what: 'same' | 'added' | 'removed'; readonly text: string }) =>
  h(tags[what], {}, `${marks[what]} ${text}\n`);
