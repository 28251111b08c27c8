import type { Batch } from '../../formats/otlp/batch/batch.ts';
import type { Exporter, ExporterContext, Verdict } from '../component.ts';
import { createOutage } from '../queue/outage.ts';
import { createQueuedExporter, type QueuedSettings } from '../queue/queued-exporter.ts';
import { createAttempts } from './attempts.ts';

/** What an exporter behind a queue does itself. */
export interface QueuedClient {
  /** Ahead of the first batch. If it rejects, the exporter's start fails. Default: nothing. */
  open?(): Promise<void>;
  /**
   * Sends one batch, which is its own until it settles or the signal aborts. The verdict is as that of `consume`: an error, and a
   * `retryable` verdict, mean that the batch is sent again; what is otherwise rejected, or an error with `permanent: true`, is
   * lost and counted.
   * @param signal aborts when the service ends
   */
  send(batch: Batch, signal: AbortSignal): Verdict | Promise<Verdict>;
  /** Behind the last batch. Default: nothing. */
  close?(): void | Promise<void>;
}

/**
 * An exporter with the Collector's sending queue in front of it, in memory or in a storage: senders need not wait, and what fails
 * is sent again. Its schema has the sections `sendingQueue` as `sending_queue` and `retryOnFailure` as `retry_on_failure`, and
 * its `needs` is, or contains, `storageNeedsOf`.
 */
export function queued(context: ExporterContext, settings: QueuedSettings, client: QueuedClient): Exporter {
  const outage = createOutage(context.id, context.log);
  return createQueuedExporter(settings, context, outage, async () => {
    await client.open?.();
    return { ...createAttempts(client.send, settings.retry_on_failure, outage.retrying), close: () => client.close?.() };
  });
}
