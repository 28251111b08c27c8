/** Connects a wasmrun agent with the contract's series: the agent reports events, and each collection reads its states. */
import { durationOf, publicFunctions } from '../../src/host.ts';
import type { Bridge } from '../../src/index.ts';
import { wasmrun } from './contract.ts';

export interface SessionReading {
  readonly id: string;
  /** Expired, but not cleaned up yet. */
  readonly expired: boolean;
  /** Size of its files in bytes. */
  readonly diskBytes: number;
  /** Limit of its memory in pages of 64 KiB; null: no limit. */
  readonly memoryCapPages: number | null;
}

export interface LoadReading {
  /** Executions whose worker has not ended; an execution that timed out counts until then. */
  readonly execInFlight: number;
  /** Worker threads that exist. */
  readonly workersLive: number;
  /** Requests being handled. */
  readonly requestsInFlight: number;
}

type Awaitable<T> = T | Promise<T>;

/** The functions that each collection calls. One that throws affects only its own series: their last good values are served. */
export interface WasmrunProbes {
  /** All tracked sessions, expired ones included. */
  sessions(): Awaitable<readonly SessionReading[]>;
  load(): Awaitable<LoadReading>;
}

/** `success`: ran to completion, whatever its exit code. `error`: could not run, or its worker died. */
export type ExecResult = 'success' | 'error' | 'timeout';
export type Rejection = 'concurrency' | 'payload' | 'unauthorized' | 'rate';

const results = wasmrun.metrics.exec.labels.result.values;

/** The events that an agent reports. No method throws. A call with an invalid value is refused as a whole, and counted. */
export interface WasmrunRecorder {
  /** An execution has its result; `durationMs` of wall-clock time are counted in whole milliseconds, a negative value as 0. */
  executed(result: ExecResult, durationMs: number): void;
  /** Captured output hit its limit. Call it at most once per execution. */
  outputTruncated(): void;
  sessionCreated(): void;
  /** A request was refused before any work, or `requests` of them (default 1). */
  rejected(reason: Rejection, requests?: number): void;
  /** Detaches the probes. */
  detach(): void;
}

/**
 * Records a wasmrun agent through `bridge`.
 *
 * @throws MeterbridgeError `OBSERVE_MISUSE` when a recorder is attached already
 */
export function wasmrunRecorder(
  bridge: Pick<Bridge<typeof wasmrun>, 'metrics' | 'observe'>,
  probes: WasmrunProbes,
): WasmrunRecorder {
  const { metrics } = bridge;
  const detach = [
    bridge.observe([metrics.sessionsActive, metrics.sessionsTotal, metrics.sessionsDisk], async (seen) => {
      const sessions = await probes.sessions();
      const active = sessions.filter(({ expired }) => !expired);
      seen.set(metrics.sessionsActive, active.length);
      seen.set(metrics.sessionsTotal, sessions.length);
      seen.set(
        metrics.sessionsDisk,
        active.reduce((total, { diskBytes }) => total + diskBytes, 0),
      );
    }),
    bridge.observe([metrics.execInFlight, metrics.workersLive, metrics.requestsInFlight], async (seen) => {
      const { execInFlight, workersLive, requestsInFlight } = await probes.load();
      seen.set(metrics.execInFlight, execInFlight);
      seen.set(metrics.workersLive, workersLive);
      seen.set(metrics.requestsInFlight, requestsInFlight);
    }),
  ];
  return Object.freeze({
    executed(result, durationMs) {
      const ms = Math.round(durationOf(durationMs));
      const known = results.includes(result);
      // Each metric is called only if the other would accept its value, so that the count stays the sum of the results.
      if (Number.isFinite(ms) || !known) metrics.exec.add(1, { result });
      if (known) metrics.execDurationMs.record(ms);
    },
    outputTruncated: () => metrics.outputTruncated.add(1),
    sessionCreated: () => metrics.sessionsCreated.add(1),
    rejected: (reason, requests = 1) => metrics.execRejected.add(requests, { reason }),
    detach() {
      for (const stop of detach) stop();
    },
  } satisfies WasmrunRecorder);
}

publicFunctions(wasmrunRecorder);
