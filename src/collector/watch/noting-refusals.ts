/** Notes what a component rejects, beside its line in the log. */
import type { Context } from '../component.ts';
import { cut, type NodeFacts } from './node-facts.ts';
import { unitOf } from './reasons.ts';
import type { Watch } from './watch.ts';

/** What a receiver says of points that components behind it have rejected, and told already. */
const toldBefore = 'rejected_points';

/** @param key the node's */
export function notingRefusals(refusal: Context['refusal'], key: string, watch: Watch, facts: NodeFacts): Context['refusal'] {
  const isReceiver = key.startsWith('receiver ');
  return (kind, message, times = 1) => {
    if (!isReceiver) facts.lastError = { at: watch.meters.ticks.at, text: cut(message) };
    if (!isReceiver || (kind !== toldBefore && !watch.isKnown(message)))
      watch.lost({ by: key, reason: kind, what: isReceiver ? 'refused' : 'failed', unit: unitOf(kind), times, message });
    refusal(kind, message, times);
  };
}
