/** What was refused, folded, dropped or lost: by who did it, why, and whose it was. */
import type { Meter } from '../../status/flow/meter.ts';
import type { Meters } from '../../status/flow/meters.ts';
import type { Refusal, Refusals } from '../../status/model/index.ts';
import type { PageValues } from '../../status/page-values.ts';
import { cut } from './node-facts.ts';
import { reasonOf } from './reasons.ts';

export interface Loss extends Pick<Refusal, 'by' | 'reason' | 'unit'> {
  /** What it is where the reason does not decide it. */
  readonly what: Refusal['what'];
  readonly times: number;
  readonly sender?: Refusal['sender'] | undefined;
  readonly severalSenders?: boolean;
  /** The number of the limit that was reached. */
  readonly limit?: number | undefined;
  readonly message?: string | undefined;
}

export interface RefusalBook {
  add(loss: Loss): void;
  /** Grows with each of them. */
  readonly times: number;
  answer(now: number, values: PageValues): Refusals;
}

interface Entry extends Pick<Refusal, 'key' | 'what' | 'reason' | 'by' | 'unit' | 'firstAt'> {
  readonly sender: Refusal['sender'] | undefined;
  readonly severalSenders: boolean;
  readonly limit: number | undefined;
  count: number;
  lastAt: number;
  message: string | undefined;
  readonly meter: Meter;
}

/** Beyond that, those that are the oldest are forgotten, a quarter at a time. */
const most = 400;
const mostShown = 200;

export function createRefusalBook(meters: Meters, clock: () => number): RefusalBook {
  const entries = new Map<string, Entry>();
  let forgotten = 0;
  let times = 0;

  function create(key: string, loss: Loss): Entry {
    if (entries.size >= most) forget();
    const { by, reason, unit, sender, severalSenders = false, limit } = loss;
    const counts = { count: 0, lastAt: 0, message: undefined };
    const meter = meters.meter(() => counts.count);
    return Object.assign(counts, {
      key,
      what: whatOf(loss),
      reason,
      by,
      sender,
      severalSenders,
      limit,
      unit,
      firstAt: clock(),
      meter,
    });
  }

  function forget(): void {
    const oldest = [...entries.values()].sort((one, other) => one.lastAt - other.lastAt).slice(0, most / 4);
    for (const { key, meter } of oldest) {
      entries.delete(key);
      meters.remove(meter);
    }
    forgotten += oldest.length;
  }

  return Object.freeze({
    add(loss: Loss) {
      if (loss.times <= 0) return;
      const { by, reason, sender, severalSenders = false, message } = loss;
      const key = [by, reason, whatOf(loss), sender?.job ?? '', sender?.instance ?? '', severalSenders].join('\n');
      const entry = entries.get(key) ?? create(key, loss);
      entries.set(key, entry);
      entry.count += loss.times;
      entry.lastAt = clock();
      entry.message = message === undefined ? entry.message : cut(message);
      times++;
    },
    get times() {
      return times;
    },
    answer(now: number, values: PageValues) {
      const refusals = [...entries.values()]
        .sort((one, other) => other.lastAt - one.lastAt)
        .slice(0, mostShown)
        .map((entry) => shown(entry, now, values));
      return { at: now, refusals, limit: most, forgotten };
    },
  });
}

function whatOf({ reason, by, what }: Loss): Refusal['what'] {
  return reasonOf(reason, by)?.what ?? what;
}

function shown({ meter, message, sender, severalSenders, limit, ...entry }: Entry, now: number, values: PageValues): Refusal {
  const known = reasonOf(entry.reason, entry.by);
  return {
    ...entry,
    ...(sender && { sender }),
    ...(severalSenders && { severalSenders }),
    rate: meter.rate(now),
    happened: known?.happened(limit) ?? 'the component says why in its message',
    fix: known?.fix ?? 'see the message',
    ...(message !== undefined && { message: entry.by.startsWith('exporter ') ? values.quoting(message) : message }),
  };
}
