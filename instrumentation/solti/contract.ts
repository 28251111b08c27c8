/**
 * The contract of solti 0.0.2, with its texts: what its runners, its supervision, its controller, its API and its discovery
 * report. It is a library, so the program chooses the labels of `solti_build_info`.
 */
import { capped, contract, counter, gauge, histogram, type IdentityLabel, identity, info, oneOf } from '../../src/index.ts';

const runner = oneOf('subprocess', 'wasm', 'container');
const outcome = oneOf('success', 'failure', 'canceled', 'timeout');
const ending = oneOf('exhausted', 'fatal');
const transport = oneOf('http', 'grpc');
const synced = oneOf('success', 'failure');
/** Routes and methods are as many as the program has; a request may name anything where no route matches. */
const requested = { transport, method: capped(), path: capped() };

/**
 * A family with labels shows only the label sets that were used; one of the discovery is there once the program has a discovery.
 */
const asUsed = { zeroFilled: false, omitEmpty: true } as const;

/**
 * solti's contract for a program whose `solti_build_info` has these labels.
 *
 * @throws CONTRACT_INVALID for illegal labels
 */
export function soltiContract(buildLabels: readonly string[] = ['version']) {
  const labels: Readonly<Record<string, IdentityLabel>> = Object.fromEntries(buildLabels.map((label) => [label, identity()]));
  return contract('solti', {
    runnerTasksStarted: counter({ unit: '{task}', help: 'Total number of tasks started', labels: { runner }, ...asUsed }),
    runnerTasksCompleted: counter({
      unit: '{task}',
      help: 'Total number of tasks completed',
      labels: { runner, outcome },
      ...asUsed,
    }),
    runnerTaskDuration: histogram({
      unit: 's',
      help: 'Task execution duration in seconds',
      bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600],
      labels: { runner, outcome },
      ...asUsed,
    }),
    runnerErrors: counter({
      unit: '{error}',
      help: 'Total runner-level errors',
      labels: { runner, error: oneOf('cgroup_prepare_failed', 'backend_config_failed', 'spawn_failed', 'module_load_failed') },
      ...asUsed,
    }),
    svTasksInFlight: gauge({ unit: '{task}', help: 'Number of tasks currently executing', zeroFilled: true }),
    svTaskRestarts: counter({ unit: '{restart}', help: 'Total task restarts (attempt > 1)' }),
    svTaskTimeouts: counter({ unit: '{timeout}', help: 'Total task timeout events' }),
    svSubscriberOverflow: counter({ unit: '{event}', help: 'Total subscriber queue overflow events (events lost)' }),
    svSubscriberPanicked: counter({ unit: '{event}', help: 'Total subscriber panic events' }),
    svTaskBackoffCount: counter({
      unit: '{backoff}',
      help: 'Total backoff events',
      labels: { source: oneOf('failure', 'success', 'unknown') },
      ...asUsed,
    }),
    svTaskBackoffDuration: histogram({
      unit: 's',
      help: 'Backoff delay duration in seconds',
      bounds: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
      zeroFilled: true,
    }),
    svTaskTerminal: counter({
      unit: '{task}',
      help: 'Total terminal task states',
      labels: { reason: ending },
      ...asUsed,
    }),
    svAttemptsToFinalize: histogram({
      unit: '{attempt}',
      help: 'Number of attempts observed when a task leaves the supervision loop',
      bounds: [1, 2, 3, 5, 10, 20, 50, 100],
      labels: { outcome: ending },
      ...asUsed,
    }),
    svTasksByPhase: gauge({
      unit: '{task}',
      help: 'Current number of tasks per phase (snapshot at scrape time)',
      labels: { phase: oneOf('pending', 'running', 'succeeded', 'failed', 'timeout', 'canceled', 'exhausted') },
    }),
    ctrlSubmissions: counter({ unit: '{submission}', help: 'Total controller submissions' }),
    ctrlRejections: counter({
      unit: '{rejection}',
      help: 'Total controller rejections grouped by cause',
      labels: {
        reason: oneOf(
          'slot_full',
          'slot_busy',
          'add_failed',
          'remove_failed',
          'queue_failed',
          'recovery_failed',
          'bus_lagged',
          'controller_exited',
          'other',
          'unknown',
        ),
      },
      ...asUsed,
    }),
    apiRequests: counter({
      unit: '{request}',
      help: 'Total completed API requests',
      labels: { ...requested, status: capped<number>() },
      ...asUsed,
    }),
    apiRequestDuration: histogram({
      unit: 's',
      help: 'API request duration',
      bounds: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      labels: requested,
      ...asUsed,
    }),
    apiInFlightRequests: gauge({ unit: '{request}', help: 'Current in-flight API requests', labels: { transport }, ...asUsed }),
    discoverAttempts: counter({ unit: '{attempt}', help: 'Total discovery heartbeat attempts', ...asUsed }),
    discoverOutcomes: counter({
      unit: '{attempt}',
      help: 'Discovery heartbeat outcomes',
      labels: { outcome: synced },
      ...asUsed,
    }),
    discoverDuration: histogram({
      unit: 's',
      help: 'Discovery heartbeat call duration',
      bounds: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
      labels: { outcome: synced },
      ...asUsed,
    }),
    discoverFailures: counter({
      unit: '{failure}',
      help: 'Discovery heartbeat failures grouped by reason',
      labels: { reason: oneOf('connect', 'timeout', 'rejected_client', 'rejected_server', 'parse', 'auth', 'other') },
      ...asUsed,
    }),
    discoverLastSuccessTimestamp: gauge({
      unit: 's',
      help: 'UNIX timestamp of the last successful heartbeat',
      across: 'max',
      ...asUsed,
    }),
    discoverHolds: counter({ unit: '{hold}', help: 'Server-advised retry holds observed', ...asUsed }),
    discoverHoldDuration: histogram({
      unit: 's',
      help: 'Duration of server-advised retry holds',
      bounds: [1, 5, 15, 30, 60, 300, 900, 1800, 3600],
      ...asUsed,
    }),
    buildInfo: info({ help: 'Build-time identity (value always 1).', labels, omitEmpty: true }),
  });
}

export const solti = soltiContract();

export default solti;
