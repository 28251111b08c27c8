/** The scrape: how a request to `/metrics` is answered. Other modules hold gates, sockets and the host's paths. */
import type { TextFormat } from '../exposition/format.ts';
import { negotiate } from '../exposition/negotiate.ts';
import type { Renderer } from '../exposition/write/renderer.ts';
import type { Omitted, Rendering, TooLarge } from '../exposition/write/rendering.ts';
import type { Handler, Reply, RequestFacts } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import { untilAborted } from '../node/within.ts';
import { scrapeDeadline } from './deadline.ts';
import { createFlights, type Flight, timedOut } from './flights.ts';
import { asksForGzip, isWorthCompressing } from './gzip.ts';

/** How a scrape ended. */
export type ScrapeOutcome = 'success' | 'failed' | 'timeout' | 'too_large' | 'busy' | 'stale';

export interface ScrapeEvent {
  readonly outcome: ScrapeOutcome;
  /** From request to reply, sending it excluded. */
  readonly seconds: number;
  /** Samples in the reply; 0 unless it succeeded. */
  readonly series: number;
  /** The length of the reply's body as sent, compressed or not; 0 unless it succeeded. */
  readonly bytes: number;
  /** The families that the page leaves out, and why; absent: none. */
  readonly omitted?: readonly Omitted[];
}

/**
 * Brings the store up to date: callbacks, the SDK's collection. Called once per rendering; may reject. It should finish within `budgetMs`,
 * so that a late callback affects its own families only and not the whole scrape.
 */
export type Refresh = (signal: AbortSignal, budgetMs: number, last: LastValues) => Promise<void>;

/** What a refresh in another thread may do while it waits: render the last values ahead of time, or drop that rendering. */
export interface LastValues {
  /** Starts to render the last values, because the host will probably not answer in time. */
  render(): void;
  /** Drops that rendering, because the host has answered. */
  drop(): void;
}

export interface ScrapeOptions {
  readonly renderer: Renderer;
  readonly refresh: Refresh;
  /** The format for a client that states no preference. */
  readonly defaultFormat: TextFormat;
  /** Maximum size of the exposition in bytes, uncompressed. Default 4 MiB. */
  readonly maxBytes?: number;
  /** For a larger exposition: leave out the largest families, each as a whole, or answer 500. Default: `omit`. */
  readonly onTooLarge?: 'omit' | 'fail';
  /** Maximum number of distinct renderings at once; further requests get 503. Default 2. */
  readonly maxRenderings?: number;
  /** Maximum duration of a scrape in milliseconds; then 504. A shorter `X-Prometheus-Scrape-Timeout-Seconds` wins. Default 10,000. */
  readonly deadlineMs?: number;
  /** For observed families without good values (too old, or never read): leave them out, or answer 500. Default: `omit`. */
  readonly onStale?: 'omit' | 'fail';
  /** Called for each GET that reached the collection. An error that it throws is ignored. */
  readonly onScrape?: (event: ScrapeEvent) => void;
  /** Milliseconds, only differences count. Default: `performance.now`. */
  readonly clock?: () => number;
}

/** 4 MiB: what solti's endpoint allows; about 40,000 series. */
const defaultMaxBytes = 4 * 1024 * 1024;
/** As many as there are text formats, so only a rendering that hangs can block another. */
const defaultMaxRenderings = 2;
/** Prometheus' default scrape time-out. */
const defaultDeadlineMs = 10_000;

/** The share of a scrape's time for collecting; the rest is for rendering and sending. */
const collectingShare = 0.8;

const vary = 'Accept, Accept-Encoding';
const noBody = new Uint8Array();

interface Ended {
  readonly outcome: ScrapeOutcome;
  readonly reply: Reply;
  readonly series: number;
  readonly omitted?: readonly Omitted[];
}

/**
 * Builds the handler. GET collects and renders; HEAD answers with the headers only; other methods get 405. Nothing is cached: two scrapes
 * in a row compute twice, only simultaneous ones share. Never rejects.
 */
export function createScrape(options: ScrapeOptions): Handler {
  const { defaultFormat, onScrape } = options;
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const clock = options.clock ?? (() => performance.now());
  const flights = createFlights({
    max: options.maxRenderings ?? defaultMaxRenderings,
    limitMs: deadlineMs,
    depart: createDeparture(options),
  });

  async function collect(request: RequestFacts): Promise<Ended> {
    const { format, contentType } = negotiate(request.header('accept'), defaultFormat);
    const waitMs = scrapeDeadline(request.header('x-prometheus-scrape-timeout-seconds'), deadlineMs);
    const flight = flights.board(format, waitMs);
    if (flight === undefined) return ended('busy', 503, 'too many scrapes at once', { 'retry-after': '1' });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(timedOut), waitMs);
    // A request that sends the flight's own body leaves the flight after the body is sent.
    let stays = false;
    try {
      const arrived = await untilAborted(
        answer(flight, { contentType, gzip: asksForGzip(request.header('accept-encoding')) }, options.onStale),
        late.signal,
      );
      stays = arrived.reply.sent !== undefined;
      return arrived;
    } catch (error) {
      return error === timedOut ? ended('timeout', 504, 'the scrape took too long') : ended('failed', 500, 'the collection failed');
    } finally {
      clearTimeout(timer);
      if (!stays) flight.leave();
    }
  }

  return async function scrape(request) {
    if (request.method === 'HEAD') {
      const { contentType } = negotiate(request.header('accept'), defaultFormat);
      return { status: 200, headers: { 'content-type': contentType, vary }, body: noBody };
    }
    if (request.method !== 'GET') return plainReply(405, 'only GET and HEAD', { allow: 'GET, HEAD' });
    const startedAt = clock();
    const { outcome, reply, ...shown } = await collect(request);
    const bytes = outcome === 'success' ? reply.body.byteLength : 0;
    try {
      onScrape?.({ outcome, seconds: (clock() - startedAt) / 1000, bytes, ...shown });
    } catch {
      // A callback of the host that throws must not fail the scrape.
    }
    return reply;
  };
}

/** Collects and renders, for all passengers of a flight. */
function createDeparture({ renderer, refresh, maxBytes = defaultMaxBytes, onTooLarge = 'omit' }: ScrapeOptions) {
  const limit = { maxBytes, onTooLarge };
  return async function depart(format: TextFormat, signal: AbortSignal, waitMs: number): Promise<Rendering | TooLarge> {
    const dropped = new AbortController();
    let last: Promise<Rendering | TooLarge> | undefined;
    await refresh(signal, waitMs * collectingShare, {
      render() {
        last = renderer.render(format, { ...limit, signal: AbortSignal.any([signal, dropped.signal]) });
        last.catch(() => {});
      },
      drop() {
        last = undefined;
        dropped.abort();
      },
    });
    signal.throwIfAborted();
    return last ?? renderer.render(format, { ...limit, signal });
  };
}

interface Wanted {
  readonly contentType: string;
  readonly gzip: boolean;
}

/** The reply to one passenger. */
async function answer(flight: Flight, wanted: Wanted, onStale: ScrapeOptions['onStale']): Promise<Ended> {
  const rendering = await flight.rendering;
  if (rendering.tooLarge === true) return ended('too_large', 500, 'the exposition is larger than its limit');
  if (onStale === 'fail' && rendering.stale.length + rendering.unknown.length > 0) {
    return ended('stale', 500, 'values are missing, because their source does not answer');
  }
  const plain = { 'content-type': wanted.contentType, vary };
  const reply: Reply =
    wanted.gzip && isWorthCompressing(rendering.body)
      ? { status: 200, headers: { ...plain, 'content-encoding': 'gzip' }, body: await flight.gzipped(rendering) }
      : { status: 200, headers: plain, body: rendering.body, sent: once(flight.leave) };
  return { outcome: 'success', reply, series: rendering.series, ...(rendering.omitted.length > 0 && { omitted: rendering.omitted }) };
}

/** A second call would release the memory while another passenger still sends it. */
function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}

function ended(outcome: ScrapeOutcome, status: number, text: string, headers: Readonly<Record<string, string>> = {}): Ended {
  return { outcome, reply: plainReply(status, text, headers), series: 0 };
}
