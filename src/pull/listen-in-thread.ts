/** The dedicated listener in a thread of its own: the host's side. */
import { extname } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { writer } from '../access/request-log.ts';
import { MeterbridgeError } from '../errors/error.ts';
import type { Reply } from '../http/exchange.ts';
import type { FamilySpec, Store } from '../store/index.ts';
import type { Listener, ListenOptions } from './listen.ts';
import type { ScrapeEvent } from './scrape.ts';
import type { FromWorker, ScrapeSettings, ToWorker, WorkerSettings } from './worker-messages.ts';
import type { Told } from './worker-outbox.ts';

export interface ThreadOptions {
  readonly store: Store;
  /** The same as for a scrape in the host's own thread. */
  readonly scrape: ScrapeSettings;
  /** Runs the callbacks, in the host. May reject. */
  readonly refresh: (budgetMs: number) => Promise<void>;
  readonly onScrape?: (event: ScrapeEvent) => void;
  /** A gauge in seconds that the thread shows: the age of what it serves, 0 after a collection. Default: not shown. */
  readonly age?: FamilySpec;
  /** How long this thread may take to acknowledge a scrape, in milliseconds; then its last values are served. Default 50. */
  readonly patienceMs?: number;
  /** Milliseconds, by which ages are counted: the store's clock. Default: `performance.now`. */
  readonly clock?: () => number;
}

/** What the listener itself takes to close at most, and as much again. */
const closeMs = 2_000;

/**
 * Opens the listener in a worker thread, which walks the store's memory itself: it answers while the host's loop is blocked, and costs the
 * host no rendering. Callbacks still run in the host; when it does not acknowledge within 50 ms, its last values are served. Options and
 * errors are those of `listen`. Keeps the process alive until it is closed, like a listener in the host's thread.
 */
export async function listenInThread(thread: ThreadOptions, address: string, options: ListenOptions = {}): Promise<Listener> {
  const clock = thread.clock ?? (() => performance.now());
  const { log = (line: string) => console.error(line), onRefused, requestLog, formats = {}, ...listen } = options;
  const access = requestLog && writer(requestLog);
  const { port1, port2 } = new MessageChannel();
  const unshare = thread.store.share(port1);
  const settings: WorkerSettings = {
    store: port2,
    address,
    listen,
    formats: Object.keys(formats),
    requestLog: requestLog && { verbose: requestLog.verbose === true },
    scrape: thread.scrape,
    age: thread.age,
    patienceMs: thread.patienceMs,
    now: clock(),
  };
  // None of the host's flags: an `--import` would run the host's own start once more in there.
  const worker = new Worker(workerUrl(), { workerData: settings, transferList: [port2], name: 'meterbridge listener', execArgv: [] });
  const opened = Promise.withResolvers<Pick<Listener, 'url' | 'address'>>();
  const exited = Promise.withResolvers<void>();
  const tell = (message: ToWorker): void => worker.postMessage(message);
  let listening = false;
  let closing: Promise<void> | undefined;

  worker.on('message', (message: FromWorker) => {
    if (message.type === 'listening') {
      listening = true;
      opened.resolve({ url: message.url, address: Object.freeze(message.address) });
    } else if (message.type === 'refused') opened.reject(errorOf(message));
    else if (message.type === 'refresh') void refresh(message.id, message.budgetMs);
    else if (message.type === 'make') void make(message.format);
    else if (message.type === 'scraped') safely(() => thread.onScrape?.(message.event));
    else if (message.type === 'told') told(message.told);
    else log(message.line);
  });
  worker.on('error', (error: Error) => {
    opened.reject(error);
    if (listening) log(`the listener on ${address} has ended: ${error.message}`);
  });
  worker.once('exit', () => {
    unshare();
    port1.close();
    opened.reject(new Error('the listener thread ended before it listened'));
    exited.resolve();
  });

  function told({ refused, lines }: Told): void {
    tell({ type: 'heard' });
    for (const event of refused) safely(() => onRefused?.(event));
    for (const line of lines) access?.write(line);
  }

  async function refresh(id: number, budgetMs: number): Promise<void> {
    tell({ type: 'acknowledged', id });
    try {
      await thread.refresh(budgetMs);
      tell({ type: 'refreshed', id, now: clock() });
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

  async function close(): Promise<void> {
    tell({ type: 'close' });
    const timer = setTimeout(() => void worker.terminate(), closeMs);
    await exited.promise;
    clearTimeout(timer);
  }

  const bound = await opened.promise;
  return Object.freeze({ ...bound, close: () => (closing ??= close()) });
}

/** Two folders deep, this code is in the source and in the chunk that it is built into; so the path holds from both. */
function workerUrl(): URL {
  return new URL(`../pull/worker${extname(import.meta.url)}`, import.meta.url);
}

function errorOf({ code, problems, cause }: Extract<FromWorker, { type: 'refused' }>): unknown {
  return code === undefined ? cause : new MeterbridgeError(code, problems, { cause });
}

/** Somebody else's bookkeeping must not cost the host. */
function safely(tell: () => void): void {
  try {
    tell();
  } catch {
    // There is nobody to tell.
  }
}
