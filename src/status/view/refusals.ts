/** What was refused, folded, dropped or failed: what happened, and how to mend it. */
import type { Refusal } from '../model/index.ts';
import { type Child, type Element, h, keyAttribute } from './node.ts';
import { ago, clockTime, count, figure } from './numbers.ts';
import type { PageData } from './page-data.ts';
import { sparkline } from './sparkline.ts';
import { nothingYet } from './table.ts';

const meanings: Readonly<Record<Refusal['what'], string>> = {
  refused: 'the sender was told, unless a processor batch held its points',
  folded: 'counted under another label value',
  reported: 'it breaks the contract, and was passed on',
  dropped: 'taken, but not shown; the sender was not told',
  failed: 'lost because of an error',
};

export function refusals({ refusals: given, now }: PageData): Child {
  if (given === undefined) return undefined;
  if (given.refusals.length === 0)
    return nothingYet(
      'Nothing was refused, folded or dropped since the start.',
      'When something is, this part names the sender, what happened and the fix.',
    );
  return [
    h(
      'ul',
      { class: 'refusals' },
      given.refusals.map((refusal) => card(refusal, now)),
    ),
    given.forgotten > 0 &&
      h('p', { class: 'quiet' }, `${count(given.forgotten)} older ones were forgotten: at most ${count(given.limit)} are kept.`),
  ];
}

function card(refusal: Refusal, now: number): Element {
  const { key, what, reason, by, count: lost, unit, rate, firstAt, lastAt, happened, fix, message } = refusal;
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
      whose(refusal),
      ': ',
      h('code', {}, reason),
    ),
    h(
      'dl',
      {},
      h('dt', {}, 'What happened'),
      h('dd', {}, happened),
      h('dt', {}, 'Fix'),
      h('dd', { class: 'fix' }, fix),
      message !== undefined && message !== happened && [h('dt', {}, 'Newest message'), h('dd', {}, h('code', {}, message))],
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

/** Whose it was is left out where it is not known. */
function whose({ sender, severalSenders }: Refusal): Child {
  if (severalSenders === true) return ', from several senders';
  return (
    sender !== undefined && [', from ', h('strong', {}, `${sender.job || 'without service.name'} ${sender.instance}`.trim())]
  );
}
