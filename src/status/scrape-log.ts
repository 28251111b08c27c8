/** Who reads: scrapes by client, endpoint and format, as their responses say. Bounded. */
import type { Handler, Reply, RequestFacts } from '../net/http/exchange.ts';
import type { Scraper, Scrapers } from './model/index.ts';

export interface ScrapeLog {
  /** @param endpoint the key of the node that answers */
  watching(endpoint: string, handler: Handler): Handler;
  answer(now: number): Scrapers;
  /** All scrapes so far. */
  readonly scrapes: number;
}

/** Beyond that, the one that has not scraped for the longest is forgotten. */
const most = 100;
const longestAgent = 100;
/** How much the newest interval counts in the mean one. */
const newest = 0.3;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Mutable<Omit<Scraper, 'everySeconds'>> & { gap: number };

/** @param clock milliseconds since 1970 */
export function createScrapeLog(clock: () => number): ScrapeLog {
  /** In the order of their last scrape. */
  const entries = new Map<string, Entry>();
  let forgotten = 0;
  let scrapes = 0;

  function note(endpoint: string, request: RequestFacts, reply: Reply, seconds: number): void {
    const now = clock();
    const userAgent = (request.header('user-agent') ?? '').slice(0, longestAgent);
    const format = formatOf(reply.headers['content-type'] ?? '', reply.status);
    const compressed = reply.headers['content-encoding'] !== undefined;
    const { peer } = request;
    const key = [endpoint, peer ?? '', userAgent, format, compressed].join('\n');
    const known = entries.get(key);
    entries.delete(key);
    const entry = known ?? {
      ...{
        key,
        userAgent,
        endpoint,
        format,
        compressed,
        scrapes: 0,
        firstAt: now,
        lastAt: now,
        slowestSeconds: 0,
        failed: 0,
        gap: 0,
      },
      ...{ bytes: 0, seconds: 0, status: 0, ...(peer !== undefined && { client: peer }) },
    };
    const gap = known === undefined ? 0 : now - known.lastAt;
    entry.gap = entry.gap === 0 ? gap : entry.gap * (1 - newest) + gap * newest;
    entry.scrapes++;
    entry.lastAt = now;
    entry.bytes = reply.body.byteLength;
    entry.seconds = seconds;
    entry.slowestSeconds = Math.max(entry.slowestSeconds, seconds);
    entry.status = reply.status;
    if (reply.status !== 200) {
      entry.failed++;
      entry.lastFailure = { at: now, status: reply.status };
    }
    entries.set(key, entry);
    scrapes++;
    const [oldest] = entries.keys();
    if (entries.size <= most || oldest === undefined) return;
    entries.delete(oldest);
    forgotten++;
  }

  return Object.freeze({
    watching(endpoint: string, handler: Handler): Handler {
      return (request) => {
        const from = performance.now();
        const noted = (reply: Reply): Reply => {
          if (request.method === 'GET') note(endpoint, request, reply, (performance.now() - from) / 1_000);
          return reply;
        };
        const reply = handler(request);
        return 'then' in reply ? reply.then(noted) : noted(reply);
      };
    },
    answer(now: number) {
      const scrapers = [...entries.values()].reverse().map(
        ({ gap, ...entry }): Scraper => ({
          ...entry,
          ...(gap > 0 && { everySeconds: Math.round(gap) / 1_000 }),
        }),
      );
      return { at: now, scrapers, limit: most, forgotten };
    },
    get scrapes() {
      return scrapes;
    },
  });
}

function formatOf(contentType: string, status: number): Scraper['format'] {
  if (status !== 200) return 'none';
  if (contentType.startsWith('application/openmetrics-text')) return 'openmetrics';
  if (contentType.startsWith('application/vnd.google.protobuf')) return 'protobuf';
  return contentType.startsWith('application/json') ? 'json' : 'text';
}
