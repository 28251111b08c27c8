/** How a bridge ends: in order when it is closed, or with a push where the program ends without that. */
import type { PullSide, PushSide, Recorders } from './parts.ts';

export interface ClosingOptions {
  /** The contract's. */
  readonly name: string;
  /** Called when the bridge closes. */
  readonly forget?: (() => void) | undefined;
  /** How long the last push may take, in milliseconds. Default: 5,000. */
  readonly lastPushMs?: number | undefined;
}

export interface Closing {
  close(): Promise<void>;
  /** Calls `end` when the bridge closes, after the last push and before it records nothing any more. */
  beforeClosed(end: () => void): void;
}

type Parts = Pick<Recorders, 'log' | 'pushSettings' | 'collecting' | 'contracts' | 'events' | 'engine'> &
  Pick<PullSide, 'listeners' | 'leave'> & { readonly push: PushSide };

/** As long as the push of `close()` may take. */
const LAST_PUSH_MS = 5_000;

export function createClosing(parts: Parts, { name, forget, lastPushMs }: ClosingOptions): Closing {
  const { log, pushSettings, collecting, contracts, events, engine, listeners, leave, push } = parts;
  const stay = pushSettings === undefined ? undefined : atExit(pushAsLast);
  const ends = new Set<() => void>();
  let closing: Promise<void> | undefined;

  function pushAsLast(): void {
    log(`push: the program ends without close() of the bridge of ${name}; its values are pushed now. Fix: await bridge.close()`);
    void push.flush(LAST_PUSH_MS);
  }

  async function close(): Promise<void> {
    stay?.();
    forget?.();
    await listeners.close();
    // The last push runs all callbacks, also those with `atMostEveryMs`.
    collecting.askAgain();
    await push.close(lastPushMs);
    await leave();
    for (const end of ends) end();
    collecting.close();
    contracts.close();
    events.close();
    await engine.close();
  }

  return {
    close: () => (closing ??= close()),
    beforeClosed: (end) => void ends.add(end),
  };
}

const waiting = new Set<() => void>();

/**
 * Calls `end` once the event loop has nothing left: the program ends unless something new is begun. Returns a function that calls
 * it off, as a handler of the program's own may do at that time.
 */
function atExit(end: () => void): () => void {
  if (waiting.size === 0) process.on('beforeExit', loopIsEmpty);
  waiting.add(end);
  return () => void (waiting.delete(end) && waiting.size === 0 && process.off('beforeExit', loopIsEmpty));
}

/** After all handlers of the program: one that closes its bridge then has done all there is to do. */
function loopIsEmpty(): void {
  process.off('beforeExit', loopIsEmpty);
  queueMicrotask(() => {
    const ends = [...waiting];
    waiting.clear();
    for (const end of ends) end();
  });
}
