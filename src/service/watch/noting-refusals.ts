/** Notes what a component rejects, beside its line in the log. */
import type { Context } from '../component.ts';
import { cut, type NodeFacts } from './node-facts.ts';
import { unitOf } from './reasons.ts';
import type { Watch } from './watch.ts';

/** What components say of points that others behind them have rejected: it is noted there, with its cause. */
const notedBehind: Readonly<Record<string, string>> = { receiver: 'rejected_points', processor: 'not_taken' };
/** A next receiver took a request and added a remark: nothing is lost. */
const remark = 'warned';

/** @param key the node's */
export function notingRefusals(refusal: Context['refusal'], key: string, watch: Watch, facts: NodeFacts): Context['refusal'] {
  const [nodeKind = ''] = key.split(' ', 1);
  const isReceiver = nodeKind === 'receiver';
  const isNoted = (kind: string, message: string) => kind === notedBehind[nodeKind] || (isReceiver && watch.isKnown(message));

  return (kind, message, times = 1) => {
    if (kind !== remark && !isNoted(kind, message)) {
      if (!isReceiver) facts.lastError = { at: watch.meters.ticks.at, text: cut(message) };
      watch.lost({ by: key, reason: kind, what: isReceiver ? 'refused' : 'failed', unit: unitOf(kind, key), times, message });
    }
    refusal(kind, message, times);
  };
}
