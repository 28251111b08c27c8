/** The reply to a scrape: one with the rendering, or one that says why there is none. */
import type { Omitted, Rendering, TooLarge } from '../../formats/exposition/write/rendering.ts';
import type { Reply } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import { compress, compressAtOnce, isCompressedAtOnce, isWorthCompressing } from './gzip.ts';
import type { InFlightRendering } from './in-flight.ts';

/** How a scrape ended. */
export type ScrapeOutcome = 'success' | 'failed' | 'timeout' | 'too_large' | 'busy' | 'stale';

type Headers = Readonly<Record<string, string>>;

/** What a request specifies besides the format. */
export interface Asked {
  readonly headers: Headers;
  readonly gzip: boolean;
}

export interface Ended {
  readonly outcome: ScrapeOutcome;
  readonly reply: Reply;
  readonly series: number;
  readonly omitted?: readonly Omitted[];
}

export interface ScrapeReplies {
  /** Waits for a rendering that requests share. */
  shared(shared: InFlightRendering, asked: Asked): Promise<Ended>;
  /** A rendering that no other request has. */
  finished(rendering: Rendering | TooLarge, asked: Asked): Promise<Ended> | Ended;
}

/** @param onStale for observed families without good values */
export function createScrapeReplies(remarks: () => readonly Omitted[], onStale: 'omit' | 'fail' = 'omit'): ScrapeReplies {
  const isMissing = ({ stale, unknown }: Rendering): boolean => onStale === 'fail' && stale.length + unknown.length > 0;

  function shown({ series, omitted }: Rendering, reply: Reply): Ended {
    const remarked = remarks();
    const all = remarked.length > 0 ? [...omitted, ...remarked] : omitted;
    return { outcome: 'success', reply, series, ...(all.length > 0 && { omitted: all }) };
  }

  return {
    async shared(shared, { headers, gzip }) {
      const rendering = await shared.rendering;
      if (rendering.tooLarge === true) return tooLarge();
      if (isMissing(rendering)) return missing();
      if (gzip && isWorthCompressing(rendering.body)) return shown(rendering, zipped(headers, await shared.gzipped(rendering)));
      return shown(rendering, { status: 200, headers, body: rendering.body, sent: once(shared.leave) });
    },
    finished(rendering, { headers, gzip }) {
      if (rendering.tooLarge === true) return tooLarge();
      const { body, release } = rendering;
      if (isMissing(rendering)) {
        release();
        return missing();
      }
      if (!gzip || !isWorthCompressing(body)) return shown(rendering, { status: 200, headers, body, sent: once(release) });
      if (isCompressedAtOnce(body)) {
        const compressed = compressAtOnce(body);
        release();
        return shown(rendering, zipped(headers, compressed));
      }
      return compress(body)
        .finally(release)
        .then((compressed) => shown(rendering, zipped(headers, compressed)), failed);
    },
  };
}

function zipped(headers: Headers, body: Uint8Array): Reply {
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body };
}

/** A second call would release the memory while another scrape still sends it. */
function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}

function tooLarge(): Ended {
  return ended('too_large', 500, 'the exposition is larger than its limit');
}

function missing(): Ended {
  return ended('stale', 500, 'values are missing, because their source does not respond');
}

export function failed(): Ended {
  return ended('failed', 500, 'the collection failed');
}

export function ended(outcome: ScrapeOutcome, status: number, text: string, headers: Headers = {}): Ended {
  return { outcome, reply: plainReply(status, text, headers), series: 0 };
}
