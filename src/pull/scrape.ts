/** The scrape: how a request to `/metrics` is answered. Other modules hold gates, sockets and the host's paths. */
import type { TextFormat } from '../exposition/format.ts';
import { negotiate } from '../exposition/negotiate.ts';
import type { Renderer } from '../exposition/write/renderer.ts';
import type { Omitted, Rendering, TooLarge } from '../exposition/write/rendering.ts';
import type { Handler, Reply, RequestFacts } from '../http/exchange.ts';
import { plainReply } from '../http/plain-reply.ts';
import { untilAborted } from '../node/within.ts';
import { scrapeDeadline } from './deadline.ts';
import { type Call, createFlights, type Departed, type Flight, timedOut } from './flights.ts';
import { asksForGzip, compress, compressAtOnce, isCompressedAtOnce, isWorthCompressing } from './gzip.ts';

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
 * so that a late callback affects its own families only and not the whole scrape. Undefined: it has finished already.
 */
export type Refresh = (call: Call, budgetMs: number, last: LastValues) => Promise<void> | undefined;

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
  /** The formats that a client can get, the default among them. Default: both. */
  readonly formats?: readonly TextFormat[];
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

type Headers = Readonly<Record<string, string>>;

/** What a request asks for besides the format. */
interface Asked {
  readonly headers: Headers;
  readonly gzip: boolean;
}

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
  const { renderer, refresh, defaultFormat, onStale, onScrape } = options;
  const limit = { maxBytes: options.maxBytes ?? defaultMaxBytes, onTooLarge: options.onTooLarge ?? 'omit' } as const;
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const clock = options.clock ?? (() => performance.now());
  const offered = sameAsLast((accept: string | undefined) => {
    const { format, contentType } = negotiate(accept, defaultFormat, options.formats);
    return { format, headers: Object.freeze({ 'content-type': contentType, vary }) };
  });
  const wantsGzip = sameAsLast(asksForGzip);
  const flights = createFlights({
    max: options.maxRenderings ?? defaultMaxRenderings,
    limitMs: deadlineMs,
    depart,
  });

  function depart(format: TextFormat, call: Call, waitMs: number): Departed {
    let dropped: AbortController | undefined;
    let last: Departed | undefined;
    const refreshed = refresh(call, waitMs * collectingShare, {
      render() {
        dropped = new AbortController();
        last = renderer.render(format, { ...limit, signal: AbortSignal.any([call.signal, dropped.signal]) });
        if ('then' in last) last.catch(() => {});
      },
      drop() {
        last = undefined;
        dropped?.abort();
      },
    });
    const render = (): Departed => {
      call.throwIfAborted();
      return last ?? renderer.render(format, { ...limit, signal: call });
    };
    return refreshed === undefined ? render() : refreshed.then(render);
  }

  /** Waits for nothing where no callback does and the page renders in one slice. */
  function collect(request: RequestFacts): Promise<Ended> | Ended {
    const { format, headers } = offered(request.header('accept'));
    const waitMs = scrapeDeadline(request.header('x-prometheus-scrape-timeout-seconds'), deadlineMs);
    const asked = { headers, gzip: wantsGzip(request.header('accept-encoding')) };
    try {
      const boarded = flights.board(format, waitMs);
      if (boarded === undefined) return ended('busy', 503, 'too many scrapes at once', { 'retry-after': '1' });
      return 'landed' in boarded ? deliver(boarded.landed, asked) : wait(boarded, waitMs, asked);
    } catch {
      return failed();
    }
  }

  async function wait(flight: Flight, waitMs: number, asked: Asked): Promise<Ended> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(timedOut), waitMs);
    // A request that sends the flight's own body leaves the flight after the body is sent.
    let stays = false;
    try {
      const arrived = await untilAborted(fly(flight, asked), late.signal);
      stays = arrived.reply.sent !== undefined;
      return arrived;
    } catch (error) {
      return error === timedOut ? ended('timeout', 504, 'the scrape took too long') : failed();
    } finally {
      clearTimeout(timer);
      if (!stays) flight.leave();
    }
  }

  async function fly(flight: Flight, { headers, gzip }: Asked): Promise<Ended> {
    const rendering = await flight.rendering;
    if (rendering.tooLarge === true) return tooLarge();
    if (isMissing(rendering)) return missing();
    if (gzip && isWorthCompressing(rendering.body)) return shown(rendering, zipped(headers, await flight.gzipped(rendering)));
    return shown(rendering, { status: 200, headers, body: rendering.body, sent: once(flight.leave) });
  }

  /** A rendering that no other request has. */
  function deliver(rendering: Rendering | TooLarge, { headers, gzip }: Asked): Promise<Ended> | Ended {
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
  }

  function isMissing({ stale, unknown }: Rendering): boolean {
    return onStale === 'fail' && stale.length + unknown.length > 0;
  }

  function report(startedAt: number, { outcome, reply, ...rest }: Ended): Reply {
    const bytes = outcome === 'success' ? reply.body.byteLength : 0;
    try {
      onScrape?.({ outcome, seconds: (clock() - startedAt) / 1000, bytes, ...rest });
    } catch {
      // A callback of the host that throws must not fail the scrape.
    }
    return reply;
  }

  return function scrape(request) {
    if (request.method === 'HEAD') return { status: 200, headers: offered(request.header('accept')).headers, body: noBody };
    if (request.method !== 'GET') return plainReply(405, 'only GET and HEAD', { allow: 'GET, HEAD' });
    const startedAt = clock();
    const collected = collect(request);
    return 'then' in collected ? collected.then((late) => report(startedAt, late)) : report(startedAt, collected);
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

/** A second call would release the memory while another passenger still sends it. */
function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}

function shown(rendering: Rendering, reply: Reply): Ended {
  const { series, omitted } = rendering;
  return { outcome: 'success', reply, series, ...(omitted.length > 0 && { omitted }) };
}

function zipped(headers: Headers, body: Uint8Array): Reply {
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body };
}

function tooLarge(): Ended {
  return ended('too_large', 500, 'the exposition is larger than its limit');
}

function missing(): Ended {
  return ended('stale', 500, 'values are missing, because their source does not answer');
}

function failed(): Ended {
  return ended('failed', 500, 'the collection failed');
}

function ended(outcome: ScrapeOutcome, status: number, text: string, headers: Headers = {}): Ended {
  return { outcome, reply: plainReply(status, text, headers), series: 0 };
}
