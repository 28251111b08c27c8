/**
 * The listener's thread: the same handler on the same listener, over a view of the main thread's store. It responds while the
 * main thread is blocked.
 * `listen-in-thread.ts` starts it, through `src/thread.ts`.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { MeterbridgeError } from '../../core/errors/error.ts';
import { createRemoteView } from '../../core/store/threads/remote-view.ts';
import { createRenderer } from '../../formats/exposition/write/renderer.ts';
import { limitConnections } from '../listen/connections.ts';
import { type Listener, listen } from './listen.ts';
import { createScrape } from './scrape.ts';
import { withAge } from './worker-age.ts';
import { createWorkerFormats } from './worker-formats.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts';
import { createOutbox } from './worker-outbox.ts';
import { createWorkerRefresh } from './worker-refresh.ts';
import { createScrapedBox } from './worker-scraped.ts';

/** Runs the listener until the main thread ends it. */
export function runListener(): void {
  const host = parentPort as MessagePort;
  const settings = workerData as WorkerSettings;
  const tell = (message: FromWorker): void => host.postMessage(message);

  limitConnections(settings.connections);

  /** Continues the main thread's clock of ages while that is blocked: `performance.now` has another origin in each thread. */
  let clockOffset = settings.now - performance.now();
  const { patienceMs, refreshes } = settings;
  const box = createScrapedBox((scraped) => tell({ type: 'scraped', scraped }));
  const refresh = createWorkerRefresh((id, budgetMs) => tell({ type: 'refresh', id, budgetMs, scraped: box.take() }), {
    patienceMs,
    isNeeded: () => refreshes === undefined || Atomics.load(refreshes, 0) !== 0,
  });
  const scrape = createScrape({
    ...settings.scrape,
    renderer: createRenderer(withAge(createRemoteView(settings.store), settings.age, refresh.ageMs), {
      clock: () => performance.now() + clockOffset,
      created: settings.created,
    }),
    refresh: refresh.refresh,
    onScrape: box.add,
  });

  function end(): void {
    settings.store.close();
    host.close();
  }

  function refuse(error: unknown): void {
    const known = MeterbridgeError.is(error);
    tell({
      type: 'refused',
      problems: known ? error.problems : [],
      cause: known ? error.cause : error,
      ...(known ? { code: error.code } : {}),
    });
    end();
  }

  const formats = createWorkerFormats(settings.formats, (format) => tell({ type: 'make', format }));
  const outbox = createOutbox((report) => tell({ type: 'report', report }));
  const { requestLog } = settings;
  const listener: Promise<Listener> = listen(scrape, settings.address, {
    ...settings.listen,
    formats: formats.made,
    log: (line) => tell({ type: 'log', line }),
    onRefused: outbox.refused,
    ...(requestLog && { requestLog: { ...requestLog, write: outbox.line } }),
  });
  listener.then(({ url, address }) => tell({ type: 'listening', url, address }), refuse);

  host.on('message', (message: ToWorker) => {
    if (message.type === 'close') {
      // Ends the thread, and with it the timers of aborted scrapes.
      void listener
        .then((open) => open.close())
        .finally(() => {
          tell({ type: 'scraped', scraped: box.take() });
          process.exit();
        });
      return;
    }
    if (message.type === 'heard') return outbox.heard();
    if (message.type === 'made') return formats.hear(message);
    if (message.type === 'refreshed') clockOffset = message.now - performance.now();
    refresh.hear(message);
  });
}
