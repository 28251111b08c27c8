/** What was refused, folded, dropped or failed: by which rule, and how to mend it. */
import type { Refusal } from '../model/index.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { ago, clockTime, count, figure } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { sparkline } from './sparkline.ts';
import { nothingYet } from './table.ts';

const meanings: Readonly<Record<Refusal['what'], string>> = {
  refused: 'the sender was told',
  folded: 'counted under another label value',
  reported: 'it breaks the contract, and was passed on',
  dropped: 'taken, but not shown; the sender was not told',
  failed: 'lost because of an error',
};

export function refusals({ refusals: given, now, status }: PageData): Child {
  if (given === undefined) return undefined;
  if (given.refusals.length === 0)
    return nothingYet(
      'Nothing was refused, folded or dropped since the start.',
      'When something is, this part names the sender, the rule and the fix.',
    );
  return [
    h(
      'ul',
      { class: 'refusals' },
      given.refusals.map((refusal) => card(refusal, now, status.kind === 'serve')),
    ),
    given.forgotten > 0 &&
      h('p', { class: 'quiet' }, `${count(given.forgotten)} older ones were forgotten: at most ${count(given.limit)} are kept.`),
  ];
}

function card(refusal: Refusal, now: number, hasSenders: boolean): Element {
  const { key, what, reason, by, sender, count: lost, unit, rate, firstAt, lastAt, rule, fix, message } = refusal;
  return h(
    'li',
    { class: `refusal ${what}`, [keyAttribute]: key },
    h(
      'p',
      { class: 'refusal-head' },
      h('span', { class: `badge ${what === 'folded' || what === 'reported' ? 'warns' : 'bad'}`, title: meanings[what] }, what),
      ' ',
      figure(lost, unit, count),
      ' by ',
      h('strong', {}, by),
      hasSenders && [
        ', from ',
        sender === undefined ? 'an unknown sender' : h('strong', {}, `${sender.job || 'without service.name'} ${sender.instance}`.trim()),
      ],
      ': ',
      h('code', {}, reason),
    ),
    h(
      'dl',
      {},
      h('dt', {}, 'Rule'),
      h('dd', {}, rule),
      h('dt', {}, 'Fix'),
      h('dd', { class: 'fix' }, fix),
      message !== undefined && [h('dt', {}, 'Message'), h('dd', {}, h('code', {}, message))],
      h('dt', {}, 'When'),
      h(
        'dd',
        {},
        ago(lastAt, now),
        ', first at ',
        clockTime(firstAt, now),
        ', now ',
        figure(rate.now, `${unit}/s`),
        ' ',
        sparkline(rate.minutes, `${unit}/s`, 'last 15 minutes'),
      ),
    ),
  );
}
