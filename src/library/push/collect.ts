/** What a push sends: the store, once all callbacks have run, or as much of it as there is in time. */
import { within } from '../../core/node/within.ts';
import type { View } from '../../core/store/store.ts';
import type { PushStart } from './pusher.ts';

/**
 * Errors of callbacks are logged where they occur; if the update is late or fails, the store is shown as it is. Undefined: there
 * is nothing to push.
 */
export async function collect(options: PushStart, timeoutMillis: number, signal: AbortSignal): Promise<View | undefined> {
  const { view, refresh, collectAll } = options;
  /** Of this process, what it has; of all, nothing: a part is not pushed as the whole. */
  const whenLate = collectAll === undefined ? view : undefined;
  const collected = collectAll?.() ?? refresh({ timeoutMillis }).then(() => view);
  // A callback that hangs must not keep the process alive.
  return within(collected, { ms: timeoutMillis, signal, ref: false }, () => whenLate).catch(() => whenLate);
}
