/** All meters of a page, and the timer that reads them. */
import { advance, createMeter, createTicks, type Meter, type Ticks } from './meter.ts';

const everyMs = 1_000;

export interface Meters {
  readonly ticks: Ticks;
  /** @param read the total now; it only grows */
  meter(read: () => number): Meter;
  /** The meter is read no longer. */
  remove(meter: Meter): void;
  /** Called once a second, ahead of the meters. */
  eachSecond(call: () => void): void;
  /** Called when a minute has ended. */
  eachMinute(call: () => void): void;
  /** Reads them now: what the timer does. */
  tick(): void;
  start(): void;
  stop(): void;
}

/** @param clock milliseconds since 1970 */
export function createMeters(clock: () => number): Meters {
  const ticks = createTicks(clock());
  const meters = new Set<Meter>();
  const seconds: (() => void)[] = [];
  const minutes: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    const ended = advance(ticks, clock());
    for (const call of seconds) call();
    for (const meter of meters) {
      meter.tick();
      if (ended !== undefined) meter.minute(ended.ms, ended.missed);
    }
    if (ended !== undefined) for (const call of minutes) call();
  }

  return Object.freeze({
    ticks,
    meter(read: () => number) {
      const meter = createMeter(ticks, read);
      meters.add(meter);
      return meter;
    },
    remove: (meter: Meter) => void meters.delete(meter),
    eachSecond: (call: () => void) => void seconds.push(call),
    eachMinute: (call: () => void) => void minutes.push(call),
    tick,
    start() {
      timer ??= setInterval(tick, everyMs).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  });
}
