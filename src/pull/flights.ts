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

/** A rendering, finished or in progress. */
export type Departed = Promise<Rendering | TooLarge> | Rendering | TooLarge;

/** A rendering that was finished before any other request could join it. It is the only passenger's, to release as well. */
export interface Landed {
  readonly landed: Rendering | TooLarge;
}

export interface Flights {
  /**
   * Joins the flight for a format, or starts one for a passenger that waits this long. Undefined: too many are in progress already. Throws
   * where departing does.
   */
  board(format: TextFormat, waitMs: number): Flight | Landed | undefined;
}

export type Depart = (format: TextFormat, call: Call, waitMs: number) => Departed;

export interface FlightsOptions {
  readonly max: number;
  /** A flight ends after this time even if passengers keep joining, so that one that hangs is not kept alive. */
  readonly limitMs: number;
  readonly depart: Depart;
}

export function createFlights({ max, limitMs, depart }: FlightsOptions): Flights {
  const underWay = new Map<TextFormat, Flight & { join(): Flight }>();
  /** As `last` in `renderer.ts`. */
  const last: { call?: ScrapeCall } = {};

  function start(format: TextFormat, waitMs: number): Flight | Landed {
    const calledOff = new ScrapeCall();
    last.call = calledOff;
    const departed = depart(format, calledOff, waitMs);
    return 'then' in departed ? fly(format, departed, calledOff) : { landed: departed };
  }

  function fly(format: TextFormat, departed: Promise<Rendering | TooLarge>, calledOff: ScrapeCall): Flight {
    let passengers = 0;
    let body: Promise<Uint8Array> | undefined;
    const timer = setTimeout(callOff, limitMs);
    const rendering = untilAborted(departed, calledOff.signal).finally(end);
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
      calledOff.off();
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

/** Whether a flight goes on. Its signal is made when it is asked for: that takes longer than a small rendering. */
export interface Call {
  throwIfAborted(): void;
  readonly signal: AbortSignal;
}

/** A class: closures would take longer to make than the rest of a small scrape's flight. */
class ScrapeCall implements Call {
  private controller: AbortController | undefined = undefined;
  private over = false;

  throwIfAborted(): void {
    if (this.over) throw timedOut;
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.over) this.controller.abort(timedOut);
    return this.controller.signal;
  }

  off(): void {
    this.over = true;
    this.controller?.abort(timedOut);
  }
}

/** The reason of an abort by deadline. Compared by identity, so that a source's own time-out counts as its failure. */
export const timedOut = new DOMException('The scrape took too long.', 'TimeoutError');
