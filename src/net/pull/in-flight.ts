/**
 * Renderings in flight. Scrapes that request the same format and families while one is in flight share it and its compressed
 * body. A rendering that no scrape shares any more is aborted. Only the memory of the body stays until the last scrape has sent
 * it: the next scrape renders again.
 */
import { untilAborted } from '../../core/node/within.ts';
import type { ExpositionFormat } from '../../formats/exposition/format.ts';
import type { Rendering, TooLarge } from '../../formats/exposition/write/rendering.ts';
import type { Filter } from './filter.ts';
import { compress } from './gzip.ts';

/** What a scrape wants to see. */
export interface Wanted {
  readonly format: ExpositionFormat;
  /** Undefined: all families. */
  readonly filter?: Filter | undefined;
}

export interface InFlightRendering {
  /** Rejects when the rendering fails or is aborted. */
  readonly rendering: Promise<Rendering | TooLarge>;
  /** The body of `rendering` compressed, once for all scrapes that share it. */
  gzipped(rendering: Rendering): Promise<Uint8Array>;
  /** Every scrape calls it once, when it needs neither the rendering nor its body any more. */
  leave(): void;
}

/** A rendering, finished or in progress. */
export type Started = Promise<Rendering | TooLarge> | Rendering | TooLarge;

/** A rendering that was finished before any other request could share it. Its scrape alone uses and releases it. */
export interface Finished {
  readonly finished: Rendering | TooLarge;
}

export interface InFlight {
  /**
   * Joins a rendering, or starts one for a scrape that waits this long. Undefined: too many are in flight already. Throws where
   * `startRendering` does.
   */
  join(wanted: Wanted, waitMs: number): InFlightRendering | Finished | undefined;
}

export type StartRendering = (wanted: Wanted, call: Call, waitMs: number) => Started;

export interface InFlightOptions {
  /** Of all families; and as many of some, so that filters never delay a scrape without one. */
  readonly max: number;
  /** A rendering ends after this time even if scrapes keep joining, so that one that hangs is not kept alive. */
  readonly limitMs: number;
  readonly startRendering: StartRendering;
}

/** By format and filter. */
type Shared = Map<string, InFlightRendering & { join(): InFlightRendering }>;

export function createInFlight({ max, limitMs, startRendering }: InFlightOptions): InFlight {
  const ofAll: Shared = new Map();
  const ofSome: Shared = new Map();
  /** As `last` in `renderer.ts`. */
  const last: { call?: ScrapeCall } = {};

  function start(wanted: Wanted, key: string, waitMs: number): InFlightRendering | Finished {
    const call = new ScrapeCall();
    last.call = call;
    const started = startRendering(wanted, call, waitMs);
    return 'then' in started ? share(sharedBy(wanted), key, started, call) : { finished: started };
  }

  const sharedBy = ({ filter }: Wanted): Shared => (filter === undefined ? ofAll : ofSome);

  function share(among: Shared, key: string, started: Promise<Rendering | TooLarge>, call: ScrapeCall): InFlightRendering {
    let scrapes = 0;
    let body: Promise<Uint8Array> | undefined;
    const timer = setTimeout(abort, limitMs);
    const rendering = untilAborted(started, call.signal).finally(end);
    // Scrapes handle the failure; without scrapes it can be ignored.
    rendering.catch(() => {});
    const shared = {
      rendering,
      gzipped: (rendered: Rendering) => (body ??= compressed(rendered)),
      leave() {
        scrapes -= 1;
        if (scrapes > 0) return;
        if (among.get(key) === shared) abort();
        else void rendering.then(release, () => {});
      },
      join(): InFlightRendering {
        scrapes += 1;
        return shared;
      },
    };
    among.set(key, shared);
    return shared.join();

    function end(): void {
      clearTimeout(timer);
      if (among.get(key) === shared) among.delete(key);
    }

    /** Reads the body in another thread, even when every client has given up: it counts as a scrape. */
    function compressed(rendered: Rendering): Promise<Uint8Array> {
      shared.join();
      return compress(rendered.body).finally(shared.leave);
    }

    /** Ends the rendering at once, so that the next scrape does not join one that will not finish. */
    function abort(): void {
      end();
      call.abort();
    }
  }

  return Object.freeze({
    join(wanted: Wanted, waitMs: number) {
      const { format, filter } = wanted;
      const key = filter === undefined ? format : `${format} ${filter.key}`;
      const among = sharedBy(wanted);
      return among.get(key)?.join() ?? (among.size < max ? start(wanted, key, waitMs) : undefined);
    },
  });
}

function release(rendering: Rendering | TooLarge): void {
  if (rendering.tooLarge !== true) rendering.release();
}

/** Whether a rendering goes on. Its signal is made when it is needed: that takes longer than a small rendering. */
export interface Call {
  throwIfAborted(): void;
  readonly signal: AbortSignal;
}

/** A class: closures would take longer to make than the rest of a small scrape. */
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

  abort(): void {
    this.over = true;
    this.controller?.abort(timedOut);
  }
}

/** The reason of an abort by deadline. Compared by identity, so that a source's own time-out counts as its failure. */
export const timedOut = new DOMException('The scrape took too long.', 'TimeoutError');
