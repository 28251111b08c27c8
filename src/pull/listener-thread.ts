/** One thread in which the dedicated listener runs: the host's side. */
import { MessageChannel, Worker } from 'node:worker_threads';
import { writer } from '../access/request-log.ts';
import { MeterbridgeError } from '../errors/error.ts';
import type { Reply } from '../http/exchange.ts';
import { listenFailed } from '../listen/listen-failed.ts';
import { missingThread, threadUrl } from '../node/thread-url.ts';
import type { FamilySpec, Store } from '../store/index.ts';
import type { Listener, ListenOptions } from './listen.ts';
import type { Refreshed, ScrapeEvent } from './scrape.ts';
import type { FromWorker, ScrapeSettings, ToWorker, WorkerSettings } from './worker-messages.ts';
import type { Told } from './worker-outbox.ts';

export interface ThreadOptions {
  readonly store: Store;
  /** The same as for a scrape in the host's own thread. */
  readonly scrape: ScrapeSettings;
  /** Runs the callbacks in the host. May reject. */
  readonly refresh: (budgetMs: number) => Refreshed;
  /** While this word is 0, there is nothing to run: the thread does not ask. Default: it asks each time. */
  readonly refreshes?: Int32Array;
  readonly onScrape?: (event: ScrapeEvent) => void;
  /** A gauge in seconds that the thread adds: the age of the values that it serves, 0 after a collection. Default: no such gauge. */
  readonly age?: FamilySpec;
  /** How long this thread waits for the host to acknowledge a scrape, in milliseconds, before it serves the last values. Default 50. */
  readonly patienceMs?: number;
  /** The clock that ages are counted by, in milliseconds: the store's clock. Default: `performance.now`. */
  readonly clock?: () => number;
}

/** The most that the listener takes to close, and as much again. */
const closeMs = 2_000;

export interface ListenerThread {
  /** Rejects as `listen` does, or when the thread ends before it listens. */
  readonly opened: Promise<Pick<Listener, 'url' | 'address'>>;
  /** Resolves when the thread has ended, with the reason in words for a user. */
  readonly ended: Promise<string>;
  /** Ends the thread, and resolves once it has ended. */
  close(): Promise<void>;
}

export function startListenerThread(thread: ThreadOptions, address: string, options: ListenOptions): ListenerThread {
  const clock = thread.clock ?? (() => performance.now());
  const { log = (line: string) => console.error(line), onRefused, requestLog, formats = {}, threadFile, ...listen } = options;
  const code = threadUrl(threadFile);
  const access = requestLog && writer(requestLog);
  const { port1, port2 } = new MessageChannel();
  const unshare = thread.store.share(port1);
  const settings: WorkerSettings = {
    meterbridge: 'listener',
    store: port2,
    address,
    listen: { ...listen, ...(code && { threadFile: code.href }) },
    formats: Object.keys(formats),
    requestLog: requestLog && { verbose: requestLog.verbose === true },
    scrape: thread.scrape,
    age: thread.age,
    patienceMs: thread.patienceMs,
    refreshes: thread.refreshes,
    now: clock(),
  };
  const opened = Promise.withResolvers<Pick<Listener, 'url' | 'address'>>();
  const ended = Promise.withResolvers<string>();
  // A caller that awaits one of the two need not await the other.
  opened.promise.catch(() => {});
  let reason = 'its thread was ended';
  const worker = startWorker();
  const tell = (message: ToWorker): void => worker?.postMessage(message);

  function startWorker(): Worker | undefined {
    try {
      if (code === undefined) throw listenFailed(listen.at, address, missingThread.rule, missingThread.fix);
      // None of the host's flags: an `--import` would run the host's startup code again in the thread.
      const started = new Worker(code, {
        workerData: settings,
        transferList: [port2],
        name: 'meterbridge listener',
        execArgv: [],
      });
      started.on('message', hear);
      started.on('error', (error: unknown) => fail(error));
      started.once('exit', end);
      return started;
    } catch (error) {
      const denied = error instanceof Error && 'code' in error && error.code === 'ERR_ACCESS_DENIED';
      const fix = 'start Node.js with --allow-worker, or leave out thread: true';
      fail(denied ? listenFailed(listen.at, address, 'this process may start a thread', fix, error) : error);
      end();
      return undefined;
    }
  }

  function fail(error: unknown): void {
    reason = error instanceof Error ? error.message : String(error);
    opened.reject(error);
  }

  function end(): void {
    unshare();
    port1.close();
    opened.reject(new Error('the listener thread ended before it listened'));
    ended.resolve(reason);
  }

  function hear(message: FromWorker): void {
    if (message.type === 'listening') opened.resolve({ url: message.url, address: Object.freeze(message.address) });
    else if (message.type === 'refused') fail(errorOf(message));
    else if (message.type === 'refresh') {
      scraped(message.scraped);
      void refresh(message.id, message.budgetMs);
    } else if (message.type === 'make') void make(message.format);
    else if (message.type === 'scraped') scraped(message.scraped);
    else if (message.type === 'told') told(message.told);
    else safely(() => log(message.line));
  }

  function scraped(events: readonly ScrapeEvent[]): void {
    for (const event of events) safely(() => thread.onScrape?.(event));
  }

  function told({ refused, lines }: Told): void {
    tell({ type: 'heard' });
    for (const event of refused) safely(() => onRefused?.(event));
    for (const line of lines) access?.write(line);
  }

  async function refresh(id: number, budgetMs: number): Promise<void> {
    try {
      const refreshed = thread.refresh(budgetMs);
      // Where nothing waits, the one message says both.
      if (typeof refreshed === 'object') tell({ type: 'acknowledged', id });
      const late = (await refreshed) === 'late';
      tell({ type: 'refreshed', id, now: clock(), ...(late && { late }) });
    } catch {
      tell({ type: 'failed', id });
    }
  }

  async function make(format: string): Promise<void> {
    try {
      const { status, headers, body } = await (formats[format] as () => Promise<Reply>)();
      tell({ type: 'made', format, reply: { status, headers, body } });
    } catch {
      tell({ type: 'made', format });
    }
  }

  return Object.freeze({
    opened: opened.promise,
    ended: ended.promise,
    async close() {
      tell({ type: 'close' });
      const timer = setTimeout(() => void worker?.terminate(), closeMs);
      await ended.promise;
      clearTimeout(timer);
    },
  });
}

function errorOf({ code, problems, cause }: Extract<FromWorker, { type: 'refused' }>): unknown {
  return code === undefined ? cause : new MeterbridgeError(code, problems, { cause });
}

/** A callback of the host that throws must not affect the listener. */
function safely(tell: () => void): void {
  try {
    tell();
  } catch {
    // No receiver for the error is left.
  }
}
