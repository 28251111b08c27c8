/**
 * What the main thread does for its listener's thread: it runs callbacks, makes formats, and passes on what the thread reports.
 */
import { writer } from '../access/log/request-log.ts';
import type { Reply } from '../http/exchange.ts';
import type { ListenOptions } from './listen.ts';
import type { Refreshed, ScrapeEvent } from './scrape.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import type { Report } from './worker-outbox.ts';

export interface WorkerHostOptions extends Pick<ListenOptions, 'log' | 'onRefused' | 'requestLog' | 'formats'> {
  /** Runs the callbacks in the main thread. May reject. */
  readonly refresh: (budgetMs: number) => Refreshed;
  readonly onScrape?: ((event: ScrapeEvent) => void) | undefined;
  /** The clock that ages are counted by, in milliseconds. */
  readonly clock: () => number;
}

/** All but what the thread reports about its opening. */
export type Asked = Exclude<FromWorker, { type: 'listening' | 'refused' }>;

export function createWorkerHost(options: WorkerHostOptions, tell: (message: ToWorker) => void): (message: Asked) => void {
  const { log = (line: string) => console.error(line), onRefused, requestLog, formats = {}, onScrape, clock } = options;
  const access = requestLog && writer(requestLog);

  function scraped(events: readonly ScrapeEvent[]): void {
    for (const event of events) safely(() => onScrape?.(event));
  }

  function report({ refused, lines }: Report): void {
    tell({ type: 'heard' });
    for (const event of refused) safely(() => onRefused?.(event));
    for (const line of lines) access?.write(line);
  }

  async function refresh(id: number, budgetMs: number): Promise<void> {
    try {
      const refreshed = options.refresh(budgetMs);
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

  return (message) => {
    if (message.type === 'refresh') {
      scraped(message.scraped);
      void refresh(message.id, message.budgetMs);
    } else if (message.type === 'make') void make(message.format);
    else if (message.type === 'scraped') scraped(message.scraped);
    else if (message.type === 'report') report(message.report);
    else safely(() => log(message.line));
  };
}

/** A callback of the application that throws must not affect the listener. */
function safely(tell: () => void): void {
  try {
    tell();
  } catch {
    // No receiver for the error is left.
  }
}
