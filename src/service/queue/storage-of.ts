/** The storage that a queue names. */
import type { Context, Needs, Storage } from '../component.ts';
import type { QueueSettings } from './config.ts';

/** What the settings of an exporter with a sending queue need of the service. */
export function storageNeedsOf({
  sending_queue: { enabled, storage },
}: {
  readonly sending_queue: QueueSettings;
}): readonly Needs[] {
  return enabled && storage !== undefined ? [{ extension: storage, offer: 'storage' }] : [];
}

/** Undefined: what waits is in memory. */
export function storageOf({ enabled, storage }: QueueSettings, context: Context): Storage | undefined {
  if (!enabled || storage === undefined) return undefined;
  const { id } = storage;
  const found = context.configured?.(id)?.storage;
  if (found === undefined) throw new Error(`the extension ${id} stores nothing`);
  return found;
}
