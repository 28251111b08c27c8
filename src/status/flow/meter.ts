/**
 * A total that grows, over time: totals of the last seconds and means of the last minutes. Whoever counts adds to a number; this
 * one reads it once a second.
 */
import type { PerMinute, Rate } from '../model/index.ts';

/** Seconds that `now` looks back. */
const backSeconds = 5;
const slots = backSeconds + 1;
const keptMinutes = 15;
const minuteMs = 60_000;
/** A rate over less would be a number by chance, in milliseconds. */
const leastMs = 1_500;

/** What meters share: when they were read. */
export interface Ticks {
  /** Milliseconds since 1970, of the newest reading. */
  at: number;
  /** By slot: when. */
  readonly times: Float64Array;
  slot: number;
  /** When the minute under way began. */
  minuteAt: number;
}

export interface Meter {
  /** Behind `begin` of its ticks. */
  tick(): void;
  /** A minute has ended, which was so long. @param missed minutes of which nothing is known, e.g. the machine slept */
  minute(ms: number, missed: number): void;
  rate(now: number): Rate;
  /** The same as changes a minute. */
  perMinute(): PerMinute;
}

export function createTicks(at: number): Ticks {
  return { at, times: new Float64Array(slots).fill(Number.NaN), slot: 0, minuteAt: at };
}

/**
 * A second is over. Returns the length of the minute that ended with it, and how many whole ones were missed; undefined: it goes
 * on.
 */
export function advance(ticks: Ticks, now: number): { readonly ms: number; readonly missed: number } | undefined {
  ticks.at = now;
  ticks.slot = (ticks.slot + 1) % slots;
  ticks.times[ticks.slot] = now;
  const ms = now - ticks.minuteAt;
  // A clock that was put back begins again.
  if (ms >= 0 && ms < minuteMs) return undefined;
  ticks.minuteAt = now;
  return { ms: Math.max(1, ms), missed: Math.max(0, Math.floor(ms / minuteMs) - 1) };
}

/** @param read the total now */
export function createMeter(ticks: Ticks, read: () => number): Meter {
  const totals = new Float64Array(slots).fill(Number.NaN);
  /** Changes of ended minutes, the newest last, and how long they were. */
  const changes = new Float64Array(keptMinutes - 1).fill(Number.NaN);
  const lengths = new Float64Array(keptMinutes - 1).fill(minuteMs);
  let base = read();
  const bornAt = ticks.at;

  /** The slot of the oldest reading that there is. */
  function oldest(): number | undefined {
    for (let back = slots - 1; back >= 0; back--) {
      const slot = (ticks.slot + slots - back) % slots;
      if (!Number.isNaN(totals[slot] as number)) return slot;
    }
    return undefined;
  }

  function nowRate(now: number): number | undefined {
    const slot = oldest();
    const ms = slot === undefined ? 0 : now - (ticks.times[slot] as number);
    return slot === undefined || ms < leastMs ? undefined : ((read() - (totals[slot] as number)) / ms) * 1_000;
  }

  return {
    tick() {
      totals[ticks.slot] = read();
    },
    minute(ms, missed) {
      const total = read();
      const shift = Math.min(changes.length, missed + 1);
      changes.copyWithin(0, shift).fill(Number.NaN, changes.length - shift);
      lengths.copyWithin(0, shift).fill(minuteMs, lengths.length - shift);
      changes[changes.length - 1] = total - base;
      lengths[lengths.length - 1] = ms;
      base = total;
    },
    rate(now) {
      const current = nowRate(now);
      const under = Math.max(1_000, now - Math.max(ticks.minuteAt, bornAt));
      const minutes = [...changes].map((change, at) =>
        Number.isNaN(change) ? null : rounded((change / (lengths[at] as number)) * 1_000),
      );
      return {
        ...(current !== undefined && { now: rounded(current) }),
        minutes: [...minutes, rounded(((read() - base) / under) * 1_000)],
      };
    },
    perMinute: () => [...[...changes].map((change) => (Number.isNaN(change) ? null : change)), read() - base],
  };
}

/** To a thousandth: what is behind it is noise. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
