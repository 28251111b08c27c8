/**
 * Renderings on their way. Scrapes that ask for the same format while one is under way share it, and its compressed body; a
 * flight that nobody waits for any more is called off. Nothing outlives its flight but the memory of the body, which goes back when the
 * last passenger has sent it: the next scrape starts anew.
 */
import type { TextFormat } from '../exposition/format.ts';
import type { Rendering, TooLarge } from '../exposition/write/rendering.ts';
import { untilAborted } from '../node/within.ts';
import { compress } from './gzip.ts';

export interface Flight {
  /** Rejects when the flight fails or is called off. */
  readonly rendering: Promise<Rendering | TooLarge>;
  /** The body of `rendering` compressed, once for all that share the flight. */
  gzipped(rendering: Rendering): Promise<Uint8Array>;
  /** Every passenger says, once, when it needs neither the rendering nor its body any more. */
  leave(): void;
}

export interface Flights {
  /** Takes part in the flight for a format, or starts one for somebody who waits this long. Undefined: there are too many already. */
  board(format: TextFormat, waitMs: number): Flight | undefined;
}

export interface FlightsOptions {
  readonly max: number;
  /** A flight ends after this time whoever joins it, so that one that hangs is not kept alive by its passengers. */
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
    // Passengers see the failure; without one nobody needs to.
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

    /** Reads the body in another thread, even when everybody has given up: a passenger of its own. */
    function compressed(rendered: Rendering): Promise<Uint8Array> {
      flight.join();
      return compress(rendered.body).finally(flight.leave);
    }

    /** Ends it at once, so that the next scrape does not board what will not arrive. */
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

/** The reason of an abort by deadline. Told by identity, so that a source's own time-out counts as its failure. */
export const timedOut = new DOMException('The scrape took too long.', 'TimeoutError');
