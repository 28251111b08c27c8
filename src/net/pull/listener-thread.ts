/** One thread in which the dedicated listener runs: the main thread's side. */
import { MessageChannel, Worker } from 'node:worker_threads';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { missingThread, threadUrl } from '../../core/node/thread-url.ts';
import type { FamilySpec, Store } from '../../core/store/index.ts';
import { lendConnections } from '../listen/connections.ts';
import { listenFailed } from '../listen/listen-failed.ts';
import { defaultBounds } from '../listen/listener-bounds.ts';
import type { Listener, ListenOptions } from './listen.ts';
import type { Refreshed, ScrapeEvent } from './scrape.ts';
import { createWorkerHost } from './worker-host.ts';
import type { FromWorker, ScrapeSettings, ToWorker, WorkerSettings } from './worker-messages.ts';

export interface ThreadOptions {
  readonly store: Store;
  /** The same as for a scrape in the main thread. */
  readonly scrape: ScrapeSettings;
  /** The renderer's. Default false. */
  readonly created?: boolean;
  /** Runs the callbacks in the main thread. May reject. */
  readonly refresh: (budgetMs: number) => Refreshed;
  /** While this word is 0, there is nothing to run: the thread sends no request. Default: it sends one each time. */
  readonly refreshes?: Int32Array;
  readonly onScrape?: (event: ScrapeEvent) => void;
  /**
   * A gauge in seconds that the thread adds: the age of the values that it serves, 0 after a collection. Default: no such gauge.
   */
  readonly age?: FamilySpec;
  /**
   * How long the listener's thread waits for the main thread to acknowledge a scrape, in milliseconds, before it serves the last
   * values. Default 50.
   */
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
  const { log, onRefused, requestLog, formats = {}, threadFile, ...listen } = options;
  const code = threadUrl(threadFile);
  const { port1, port2 } = new MessageChannel();
  const unshare = thread.store.share(port1);
  const lent = lendConnections(defaultBounds.connections);
  const settings: WorkerSettings = {
    meterbridge: 'listener',
    store: port2,
    address,
    connections: lent.limit,
    listen: { ...listen, ...(code && { threadFile: code.href }) },
    formats: Object.keys(formats),
    requestLog: requestLog && { verbose: requestLog.verbose === true },
    scrape: thread.scrape,
    created: thread.created ?? false,
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
  const worker = start();
  const tell = (message: ToWorker): void => worker?.postMessage(message);
  const host = createWorkerHost({ ...options, ...thread, clock }, tell);

  function start(): Worker | undefined {
    try {
      const started = startWorker(code, settings);
      started.on('message', hear);
      started.on('error', (error: unknown) => fail(error));
      started.once('exit', end);
      return started;
    } catch (error) {
      fail(error);
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
    lent.takeBack();
    port1.close();
    opened.reject(new Error('the listener thread ended before it listened'));
    ended.resolve(reason);
  }

  function hear(message: FromWorker): void {
    if (message.type === 'listening') opened.resolve({ url: message.url, address: Object.freeze(message.address) });
    else if (message.type === 'refused') fail(errorOf(message));
    else host(message);
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

/** @throws LISTEN_FAILED, where there is no such file or this process may not start a thread; and as `Worker` does */
function startWorker(code: URL | undefined, settings: WorkerSettings): Worker {
  const { address, store, listen } = settings;
  if (code === undefined) throw listenFailed(listen.at, address, missingThread.rule, missingThread.fix);
  try {
    // None of the application's flags: an `--import` would run its startup code again in the thread.
    return new Worker(code, { workerData: settings, transferList: [store], name: 'meterbridge listener', execArgv: [] });
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'ERR_ACCESS_DENIED';
    const fix = 'start Node.js with --allow-worker, or leave out thread: true';
    throw denied ? listenFailed(listen.at, address, 'this process may start a thread', fix, error) : error;
  }
}
