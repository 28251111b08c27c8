/**
 * A wasmrun agent whose executions, sessions and clock are played by a generator; with it, from its document, what must arrive.
 */
import { type SessionReading, wasmrun, wasmrunRecorder } from '../../instrumentation/wasmrun/index.ts';
import { expectedOf } from './expected-of.ts';
import { type PlayedDaemon, startBridge } from './played-daemon.ts';
import type { Random } from './random.ts';
import { ownRoad } from './roads.ts';

/** A minute is how long last good values are served. */
const tooOldMs = 60_001;

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startWasmrunDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<PlayedDaemon> {
  let readable = true;
  let sessions: SessionReading[] = [];
  let load = { execInFlight: 0, workersLive: 0, requestsInFlight: 0 };
  const truth = new Map<string, number>();
  const count = (series: string, by = 1) => truth.set(series, (truth.get(series) ?? 0) + by);

  const { bridge, clock, daemon } = await startBridge(wasmrun, { endpoint, road });
  const recorder = wasmrunRecorder(bridge, {
    sessions() {
      if (!readable) throw new Error('EIO');
      return sessions;
    },
    load: () => load,
  });

  function executed(result: 'success' | 'error' | 'timeout'): void {
    const durationMs = random.between(0, 30_000);
    recorder.executed(result, durationMs);
    count(`wasmrun_agent_exec_total{result="${result}"}`);
    count('wasmrun_agent_exec_duration_ms_sum{}', durationMs);
    count('wasmrun_agent_exec_duration_ms_count{}');
  }

  function rejected(reason: 'concurrency' | 'payload' | 'unauthorized' | 'rate'): void {
    recorder.rejected(reason);
    count(`wasmrun_agent_exec_rejected_total{reason="${reason}"}`);
  }

  function session(expired: boolean): SessionReading {
    const id = random.between(0, 2 ** 48).toString(16);
    return { id, expired, diskBytes: random.between(0, 2 ** 40), memoryCapPages: random.between(1, 65_536) };
  }

  return Object.freeze({
    ...daemon,
    truth: () => truth,
    run(steps: number) {
      readable = true;
      for (const result of ['success', 'error', 'timeout'] as const) executed(result);
      for (const reason of ['concurrency', 'payload', 'unauthorized', 'rate'] as const) rejected(reason);
      for (let i = 0; i < steps; i++) executed(random.pick(['success', 'error', 'timeout'] as const));
      recorder.outputTruncated();
      count('wasmrun_agent_output_truncated_total{}');
      recorder.sessionCreated();
      count('wasmrun_agent_sessions_created_total{}');
      sessions = [session(false), session(true), session(false)];
      const execInFlight = random.between(0, 100);
      load = { execInFlight, workersLive: execInFlight, requestsInFlight: execInFlight + 1 };
      truth.set('wasmrun_agent_sessions_active{}', 2).set('wasmrun_agent_sessions_total{}', 3);
      truth.set('wasmrun_agent_exec_in_flight{}', execInFlight).set('wasmrun_agent_requests_in_flight{}', execInFlight + 1);
      truth.set('wasmrun_agent_sessions_disk_bytes{}', (sessions[0]?.diskBytes ?? 0) + (sessions[2]?.diskBytes ?? 0));
    },
    /** The sessions cannot be read any more, and what was known of them has become too old. Until the next `run`. */
    lose() {
      readable = false;
      clock.advance(tooOldMs);
    },
  });
}

export const expectedOfWasmrun = expectedOf(wasmrun, 'wasmrun_agent', [
  ['wasmrun.agent.exec', 'wasmrun_agent_exec_total', 'counter', '{execution}'],
  ['wasmrun.agent.exec.duration.ms', 'wasmrun_agent_exec_duration_ms', 'summary', ''],
  ['wasmrun.agent.output.truncated', 'wasmrun_agent_output_truncated_total', 'counter', '{execution}'],
  ['wasmrun.agent.sessions.created', 'wasmrun_agent_sessions_created_total', 'counter', '{session}'],
  ['wasmrun.agent.exec.rejected', 'wasmrun_agent_exec_rejected_total', 'counter', '{request}'],
  ['wasmrun.agent.sessions.active', 'wasmrun_agent_sessions_active', 'gauge', '{session}'],
  ['wasmrun.agent.sessions.total', 'wasmrun_agent_sessions_total', 'gauge', '{session}'],
  ['wasmrun.agent.exec.in.flight', 'wasmrun_agent_exec_in_flight', 'gauge', '{execution}'],
  ['wasmrun.agent.sessions.disk', 'wasmrun_agent_sessions_disk_bytes', 'gauge', 'By'],
  ['wasmrun.agent.workers.live', 'wasmrun_agent_workers_live', 'gauge', '{thread}'],
  ['wasmrun.agent.requests.in.flight', 'wasmrun_agent_requests_in_flight', 'gauge', '{request}'],
]);
