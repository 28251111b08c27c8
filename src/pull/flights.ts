/**
 * Renderings in progress. Scrapes that ask for the same format while one is in progress share it and its compressed body. A flight without
 * passengers is aborted. Only the memory of the body outlives the flight, until the last passenger has sent it: the next scrape renders
 * again.
 */
import type { TextFormat } from '../exposition/format.ts';
import type { Rendering, TooLarge } from '../exposition/write/rendering.ts';
import { untilAborted } from '../node/within.ts';
import { compress } from './gzip.ts';

export interface Flight {
  /** Rejects when the flight fails or is aborted. */
  readonly rendering: Promise<Rendering | TooLarge>;
  /** The body of `rendering` compressed, once for all passengers of the flight. */
  gzipped(rendering: Rendering): Promise<Uint8Array>;
  /** Every passenger calls it once, when it needs neither the rendering nor its body any more. */
  leave(): void;
}

export interface Flights {
  /** Joins the flight for a format, or starts one for a passenger that waits this long. Undefined: too many are in progress already. */
  board(format: TextFormat, waitMs: number): Flight | undefined;
}

export interface FlightsOptions {
  readonly max: number;
  /** A flight ends after this time even if passengers keep joining, so that one that hangs is not kept alive. */
  readonly limitMs: number;
  readonly depart: (format: TextFormat, signal: AbortSignal, waitMs: number) => Promise<Rendering | TooLarge>;
}

export function createFlights({ max, limitMs, depart }: FlightsOptions): Flights {
  const underWay = new Map<TextFormat, Flight & { join(): Flight }>();

  function start(format: TextFormat, waitMs: number): Flight {
    const calledOff = new AbortController();
    let passengers = 0;
    let body: Promise<Uint8Array> | undefined;
    const timer = setTimeout(callOff, limitMs);
    const rendering = untilAborted(depart(format, calledOff.signal, waitMs), calledOff.signal).finally(end);
    // Passengers handle the failure; without passengers it can be ignored.
    rendering.catch(() => {});
    const flight = {
      rendering,
      gzipped: (rendered: Rendering) => (body ??= compressed(rendered)),
      leave() {
        passengers -= 1;
        if (passengers > 0) return;
        if (underWay.get(format) === flight) callOff();
        else void rendering.then(release, () => {});
      },
      join(): Flight {
        passengers += 1;
        return flight;
      },
    };
    underWay.set(format, flight);
    return flight.join();

    function end(): void {
      clearTimeout(timer);
      if (underWay.get(format) === flight) underWay.delete(format);
    }

    /** Reads the body in another thread, even when every client has given up: it counts as a passenger. */
    function compressed(rendered: Rendering): Promise<Uint8Array> {
      flight.join();
      return compress(rendered.body).finally(flight.leave);
    }

    /** Ends the flight at once, so that the next scrape does not join a flight that will not finish. */
    function callOff(): void {
      end();
      calledOff.abort(timedOut);
    }
  }

  return Object.freeze({
    board: (format: TextFormat, waitMs: number) =>
      underWay.get(format)?.join() ?? (underWay.size < max ? start(format, waitMs) : undefined),
  });
}

function release(rendering: Rendering | TooLarge): void {
  if (rendering.tooLarge !== true) rendering.release();
}

/** The reason of an abort by deadline. Compared by identity, so that a source's own time-out counts as its failure. */
export const timedOut = new DOMException('The scrape took too long.', 'TimeoutError');
