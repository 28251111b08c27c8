/** The scrape: how a request to `/metrics` is served. Other modules hold access rules, sockets and the application's paths. */
import { untilAborted } from '../../core/node/within.ts';
import type { Escaping } from '../../formats/exposition/escaping.ts';
import { allFormats, type ExpositionFormat, jsonType, type TextFormat } from '../../formats/exposition/format.ts';
import { negotiate } from '../../formats/exposition/negotiate.ts';
import type { Renderer } from '../../formats/exposition/write/renderer.ts';
import type { Omitted } from '../../formats/exposition/write/rendering.ts';
import type { Handler, Reply, RequestFacts } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import { scrapeDeadline } from './deadline.ts';
import { type Filter, filterOf, filterRule } from './filter.ts';
import { asksForGzip } from './gzip.ts';
import { type Call, createInFlight, type InFlightRendering, type Started, type StartRendering, timedOut } from './in-flight.ts';
import { type Asked, createScrapeReplies, type Ended, ended, failed, type ScrapeOutcome } from './scrape-replies.ts';

export interface ScrapeEvent {
  readonly outcome: ScrapeOutcome;
  /** From request to reply, sending it excluded. */
  readonly seconds: number;
  /** Samples in the reply; 0 unless it succeeded. */
  readonly series: number;
  /** The length of the reply's body as sent, compressed or not; 0 unless it succeeded. */
  readonly bytes: number;
  /** The families that the exposition leaves out, and why; absent: none. */
  readonly omitted?: readonly Omitted[];
}

/**
 * Brings the store up to date: callbacks, the SDK's collection. Called once per rendering; may reject. It should finish within
 * `budgetMs`, so that a late callback affects its own families only and not the whole scrape. No promise: it has finished
 * already.
 */
export type Refresh = (call: Call, budgetMs: number, last: LastValues) => Refreshed;

/** `late`, or a promise of it: a callback has not ended, and the store has its last good values. */
export type Refreshed = Promise<unknown> | 'late' | undefined;

/** What a refresh in another thread may do while it waits: render the last values ahead of time, or drop that rendering. */
export interface LastValues {
  /** Starts to render the last values, because the application will probably not respond in time. */
  render(): void;
  /** Drops that rendering, because the application has responded. */
  drop(): void;
}

export interface ScrapeOptions {
  readonly renderer: Renderer;
  readonly refresh: Refresh;
  /** The format for a client that states no preference. */
  readonly defaultFormat: TextFormat;
  /** The formats that a client can get, `defaultFormat` among them. Default: all. */
  readonly formats?: readonly ExpositionFormat[];
  /** The renderer's, for the content type. */
  readonly escaping?: Escaping;
  /** Maximum size of the exposition in bytes, uncompressed. Default 64 MiB. */
  readonly maxBytes?: number;
  /**
   * For a larger exposition: leave out the largest families, or what the renderer's `owners` are, each as a whole, or respond
   * with 500. Default: `omit`.
   */
  readonly onTooLarge?: 'omit' | 'fail';
  /**
   * Maximum number of distinct renderings at once, and as many of those that `name[]` filters; further requests get 503. Default
   * 4.
   */
  readonly maxRenderings?: number;
  /**
   * Maximum duration of a scrape in milliseconds; then 504. A shorter `X-Prometheus-Scrape-Timeout-Seconds` wins. Default 10,000.
   */
  readonly deadlineMs?: number;
  /** For observed families without good values (too old, or never read): leave them out, or respond with 500. Default: `omit`. */
  readonly onStale?: 'omit' | 'fail';
  /** For a callback that has not ended in time: show its last good values, or respond with 504. Default: `last`. */
  readonly onLate?: 'last' | 'fail';
  /** Called for each GET that reached the collection. An error that it throws is ignored. */
  readonly onScrape?: (event: ScrapeEvent) => void;
  /** Milliseconds, only differences count. Default: `performance.now`. */
  readonly clock?: () => number;
}

/** About 700,000 series. */
const defaultMaxBytes = 64 * 1024 * 1024;
/** As many as there are formats, so only a rendering that hangs can block another. */
const defaultMaxRenderings = 4;
/** Prometheus' default scrape time-out. */
const defaultDeadlineMs = 10_000;

/** The share of a scrape's time for collecting; the rest is for rendering and sending. */
const collectingShare = 0.8;

const vary = 'Accept, Accept-Encoding';
const noBody = new Uint8Array();

/**
 * Builds the handler. GET collects and renders all families, or those that `name[]` names in the query, as JSON where
 * `format=json` says so; HEAD answers with the headers only; other methods get 405. Nothing is cached: two scrapes in a row
 * compute twice, only simultaneous ones share. Never rejects.
 */
export function createScrape(options: ScrapeOptions): Handler {
  const { defaultFormat, formats = allFormats, onScrape } = options;
  const replies = createScrapeReplies(options.renderer.takeRemarks, options.onStale);
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const clock = options.clock ?? (() => performance.now());
  const offered = sameAsLast((accept: string | undefined) => {
    const { format, contentType } = negotiate(accept, defaultFormat, formats, options.escaping);
    return { format, headers: Object.freeze({ 'content-type': contentType, vary }) };
  });
  const hasJson = formats.includes('json');
  /** `?format=json` is for those who cannot send a header: a browser's address bar. */
  const acceptOf = ({ query, header }: RequestFacts): string | undefined =>
    hasJson && query.get('format') === 'json' ? jsonType : header('accept');
  const wantsGzip = sameAsLast(asksForGzip);
  const inFlight = createInFlight({
    max: options.maxRenderings ?? defaultMaxRenderings,
    limitMs: deadlineMs,
    startRendering: createStartRendering(options),
  });

  /** Waits for nothing where no callback does and the exposition renders in one slice. */
  function collect(request: RequestFacts, filter: Filter | undefined): Promise<Ended> | Ended {
    const { format, headers } = offered(acceptOf(request));
    const waitMs = scrapeDeadline(request.header('x-prometheus-scrape-timeout-seconds'), deadlineMs);
    const asked = { headers, gzip: wantsGzip(request.header('accept-encoding')) };
    try {
      const joined = inFlight.join({ format, filter }, waitMs);
      if (joined === undefined) return ended('busy', 503, 'too many scrapes at once', { 'retry-after': '1' });
      return 'finished' in joined ? replies.finished(joined.finished, asked) : wait(joined, waitMs, asked);
    } catch (error) {
      return error === lateCallback ? missed() : failed();
    }
  }

  async function wait(shared: InFlightRendering, waitMs: number, asked: Asked): Promise<Ended> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(timedOut), waitMs);
    // A request that sends the shared body leaves the rendering after the body is sent.
    let stays = false;
    try {
      const arrived = await untilAborted(replies.shared(shared, asked), late.signal);
      stays = arrived.reply.sent !== undefined;
      return arrived;
    } catch (error) {
      if (error === lateCallback) return missed();
      return error === timedOut ? ended('timeout', 504, 'the scrape took too long') : failed();
    } finally {
      clearTimeout(timer);
      if (!stays) shared.leave();
    }
  }

  function report(startedAt: number, { outcome, reply, ...rest }: Ended): Reply {
    const bytes = outcome === 'success' ? reply.body.byteLength : 0;
    try {
      onScrape?.({ outcome, seconds: (clock() - startedAt) / 1000, bytes, ...rest });
    } catch {
      // A callback of the application that throws must not fail the scrape.
    }
    return reply;
  }

  return function scrape(request) {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plainReply(405, 'only GET and HEAD', { allow: 'GET, HEAD' });
    const filter = filterOf(request.query);
    if (filter === null) return plainReply(400, filterRule);
    if (request.method === 'HEAD') return { status: 200, headers: offered(acceptOf(request)).headers, body: noBody };
    const startedAt = clock();
    const collected = collect(request, filter);
    return 'then' in collected ? collected.then((late) => report(startedAt, late)) : report(startedAt, collected);
  };
}

/** Compared by identity. */
const lateCallback = new Error('a callback has not ended in time');

function missed(): Ended {
  return ended('timeout', 504, lateCallback.message);
}

/** Collects, then renders. */
function createStartRendering({ renderer, refresh, onLate, ...options }: ScrapeOptions): StartRendering {
  const limit = { maxBytes: options.maxBytes ?? defaultMaxBytes, onTooLarge: options.onTooLarge ?? 'omit' } as const;
  return ({ format, filter }, call, waitMs) => {
    const given = { ...limit, only: filter?.only };
    let dropped: AbortController | undefined;
    let last: Started | undefined;
    const refreshed = refresh(call, waitMs * collectingShare, {
      render() {
        dropped = new AbortController();
        last = renderer.render(format, { ...given, signal: AbortSignal.any([call.signal, dropped.signal]) });
        if ('then' in last) last.catch(() => {});
      },
      drop() {
        last = undefined;
        dropped?.abort();
      },
    });
    const render = (refreshed: unknown): Started => {
      call.throwIfAborted();
      if (refreshed === 'late' && onLate === 'fail') throw lateCallback;
      return last ?? renderer.render(format, { ...given, signal: call });
    };
    return typeof refreshed === 'object' ? refreshed.then(render) : render(refreshed);
  };
}

/** A scraper sends the same header each time. */
function sameAsLast<T>(read: (header: string | undefined) => T): (header: string | undefined) => T {
  let last: string | undefined;
  let known = read(last);
  return (header) => {
    if (header !== last) known = read(header);
    last = header;
    return known;
  };
}
