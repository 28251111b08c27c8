/** A wasmrun agent in a stated state: the one of its observability page, and what that leaves at 0. */
import type { WasmrunProbes, WasmrunRecorder } from '../../../instrumentation/wasmrun/index.ts';

export function probes(changes: Partial<WasmrunProbes> = {}): WasmrunProbes {
  return {
    sessions: () => [
      { id: 'a1b2c3', expired: false, diskBytes: 8_192, memoryCapPages: 4_096 },
      { id: 'd4e5f6', expired: false, diskBytes: 8_192, memoryCapPages: null },
      { id: '070809', expired: false, diskBytes: 0, memoryCapPages: 1 },
      { id: 'gone00', expired: true, diskBytes: 1_000_000, memoryCapPages: null },
    ],
    load: () => ({ execInFlight: 1, workersLive: 4, requestsInFlight: 2 }),
    ...changes,
  };
}

/** Before anything has happened. */
export const noProbes: WasmrunProbes = {
  sessions: () => [],
  load: () => ({ execInFlight: 0, workersLive: 0, requestsInFlight: 1 }),
};

/** 12 executions of 300 ms, one of 600 ms that could not run, 20 sessions, and nine refusals. */
export function happen(recorder: WasmrunRecorder): void {
  for (let i = 0; i < 12; i++) recorder.executed('success', 300.4);
  recorder.executed('error', 599.5);
  for (let i = 0; i < 2; i++) recorder.outputTruncated();
  for (let i = 0; i < 20; i++) recorder.sessionCreated();
  for (const [reason, times] of [['concurrency', 5] as const, ['payload', 3] as const, ['rate', 1] as const]) {
    for (let i = 0; i < times; i++) recorder.rejected(reason);
  }
}
