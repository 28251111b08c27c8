/** Announces the program to a control plane, again and again, and reports how that goes to the backend's discovery. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SoltiDiscovery } from '../../instrumentation/solti/index.ts';
import type { DiscoveryConfig } from './config.ts';
import { type Sync, SyncError, syncWith } from './sync.ts';

export interface DiscoveryParts extends DiscoveryConfig {
  /** Where this program's API is. */
  readonly endpoint: string;
  readonly metrics: SoltiDiscovery;
  readonly log: (line: string) => void;
}

/** Of the interval: pauses after failures begin at a half of it, double, and are at most three of it. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [0.5, 3];

/** Begins at once; the returned function ends it, and resolves once nothing is under way. */
export function startDiscovery({ metrics, log, endpoint, ...config }: DiscoveryParts): () => Promise<void> {
  const { name, everyMs, controlPlane = endpoint } = config;
  const stop = new AbortController();
  const { signal } = stop;
  let failures = 0;

  /** Resolves with the pause that follows, or with undefined when another attempt would fail the same way. */
  async function attempt(): Promise<number | undefined> {
    const sync: Sync = { id: name, name, endpoint, everyMs };
    metrics.attempted();
    const from = performance.now();
    try {
      await syncWith(controlPlane, sync, { timeoutMs: config.timeoutMs, signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      return failed(error, performance.now() - from);
    }
    metrics.succeeded(performance.now() - from);
    if (failures > 0) log(`discovery: ${controlPlane} knows this program again`);
    failures = 0;
    return everyMs;
  }

  function failed(error: unknown, tookMs: number): number | undefined {
    const { reason, message, holdMs } = error instanceof SyncError ? error : new SyncError('other', String(error));
    metrics.failed(tookMs, reason);
    if (holdMs !== undefined) metrics.held(holdMs);
    failures += 1;
    if (reason === 'auth') {
      log(`discovery ends: ${message}`);
      return undefined;
    }
    if (failures === 1) log(`discovery: ${message}`);
    const pause = Math.min(everyMs * FIRST_PAUSE * 2 ** (failures - 1), everyMs * LONGEST_PAUSE);
    return Math.max(pause, holdMs ?? 0);
  }

  async function run(): Promise<void> {
    for (let pause = await attempt(); pause !== undefined; pause = await attempt()) {
      await sleep(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }

  const running = run();
  return () => {
    stop.abort();
    return running;
  };
}
