/** The messages between the listener's thread and the main thread. Data only. */
import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from '../../core/errors/catalogue.ts';
import type { Problem } from '../../core/errors/error.ts';
import type { ThreadTask } from '../../core/node/thread-url.ts';
import type { FamilySpec } from '../../core/store/index.ts';
import type { RequestLog } from '../access/log/request-log.ts';
import type { Reply } from '../http/exchange.ts';
import type { Listener, ListenOptions } from './listen.ts';
import type { ScrapeEvent, ScrapeOptions } from './scrape.ts';
import type { Report } from './worker-outbox.ts';

/** The part of a scrape's options that is data. */
export type ScrapeSettings = Omit<ScrapeOptions, 'renderer' | 'refresh' | 'onScrape' | 'clock'>;

export interface WorkerSettings {
  readonly meterbridge: ThreadTask;
  /** The store's description of its memory, from which the thread reads the series. */
  readonly store: MessagePort;
  readonly address: string;
  /** How many connections the thread may have. */
  readonly connections: number;
  readonly listen: Omit<ListenOptions, 'log' | 'onRefused' | 'requestLog' | 'formats'>;
  /** The names of the formats; the main thread makes them. */
  readonly formats: readonly string[];
  /** Undefined: no access log. */
  readonly requestLog: Pick<RequestLog, 'verbose'> | undefined;
  readonly scrape: ScrapeSettings;
  /** The renderer's. */
  readonly created: boolean;
  /** The family that shows how old the served values are; undefined: not shown. */
  readonly age: FamilySpec | undefined;
  /** How long the main thread may take to acknowledge, in milliseconds; undefined: the default. */
  readonly patienceMs: number | undefined;
  /** Shared with the main thread: 0 while it has no callbacks. Undefined: it gets a request each time. */
  readonly refreshes: Int32Array | undefined;
  /** The main thread's clock of ages at present, in milliseconds. The thread's own clock has another origin. */
  readonly now: number;
}

export type FromWorker =
  | ({ readonly type: 'listening' } & Pick<Listener, 'url' | 'address'>)
  | { readonly type: 'refused'; readonly code?: ErrorCode; readonly problems: readonly Problem[]; readonly cause: unknown }
  /** `scraped`: what happened since the last message. */
  | { readonly type: 'refresh'; readonly id: number; readonly budgetMs: number; readonly scraped: readonly ScrapeEvent[] }
  | { readonly type: 'make'; readonly format: string }
  | { readonly type: 'scraped'; readonly scraped: readonly ScrapeEvent[] }
  | { readonly type: 'report'; readonly report: Report }
  | { readonly type: 'log'; readonly line: string };

export type RefreshAnswer =
  | { readonly type: 'acknowledged'; readonly id: number }
  /** `now` is the main thread's clock of ages. `late`: a callback has not ended. */
  | { readonly type: 'refreshed'; readonly id: number; readonly now: number; readonly late?: boolean }
  | { readonly type: 'failed'; readonly id: number };

/** Without a reply, the application could not make the format. */
export interface Made {
  readonly type: 'made';
  readonly format: string;
  readonly reply?: Omit<Reply, 'sent'>;
}

export type ToWorker = RefreshAnswer | Made | { readonly type: 'heard' } | { readonly type: 'close' };
