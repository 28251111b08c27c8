/**
 * The contract of solti 0.0.8. Since 0.0.4 its supervision and its controller are another crate's, after which their metrics are
 * named; runners report errors alone.
 */
import { capped, contract, counter, gauge, histogram, identity, info, oneOf } from '../../src/index.ts';

/** A family with labels shows only the label sets that were used. */
const asUsed = { zeroFilled: false, omitEmpty: true } as const;
/** A program may have each of the crate's collectors, or none. */
const ifThere = { zeroFilled: false } as const;

/** A program may name runners and errors of its own. */
const ofRunner = { runner: capped(), error: capped() };
const transport = oneOf('http', 'grpc');
const request = { transport, method: capped(), path: capped() };
const attempt = { outcome: oneOf('success', 'failure') };

export default contract('solti', {
  runnerErrors: counter({ unit: '{error}', help: 'Total runner-level errors', labels: ofRunner, ...asUsed }),
  taskvisorAttemptsInFlight: gauge({ unit: '{attempt}', help: 'Attempts under way, NaN once events were lost.' }),
  taskvisorTaskRestarts: counter({ unit: '{restart}', help: 'Attempts after the first of a task.', ...ifThere }),
  taskvisorTaskBackoffs: counter({
    unit: '{backoff}',
    help: 'Pauses before the next attempt, by what they follow.',
    labels: { source: oneOf('failure', 'success', 'unknown') },
    ...asUsed,
  }),
  taskvisorTaskBackoffDuration: histogram({
    unit: 's',
    help: 'How long the pause before the next attempt is.',
    bounds: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  }),
  taskvisorTaskFinalOutcomes: counter({
    unit: '{task}',
    help: 'Tasks that ended, by outcome.',
    labels: {
      outcome: oneOf(
        ...[
          'outcome_completed',
          'outcome_failed',
          'outcome_fatal',
          'outcome_canceled',
          'outcome_force_aborted',
          'outcome_panicked',
        ],
        ...['outcome_rejected', 'unknown'],
      ),
    },
    ...asUsed,
  }),
  taskvisorAttemptTimeouts: counter({
    unit: '{attempt}',
    help: 'Attempts that were ended because their time was up.',
    ...ifThere,
  }),
  taskvisorSubscriberOverflows: counter({ unit: '{event}', help: 'Events that were lost because a queue was full.', ...ifThere }),
  taskvisorSubscriberPanics: counter({ unit: '{event}', help: 'Events that a subscriber failed at.', ...ifThere }),
  taskvisorRuntimeFailures: counter({ unit: '{failure}', help: 'Failures of the supervisor itself.', ...ifThere }),
  taskvisorOwnershipRetirements: counter({ unit: '{event}', help: 'Events that retired capacity for good.', ...ifThere }),
  taskvisorOwnershipRetiredUnits: counter({ unit: '{unit}', help: 'Capacity that was retired for good.', ...ifThere }),
  taskvisorControllerSubmittedEvents: counter({ unit: '{event}', help: 'Tasks submitted to the controller.', ...ifThere }),
  taskvisorControllerRejections: counter({
    unit: '{task}',
    help: 'Tasks that the controller rejected, by cause.',
    labels: {
      reason: oneOf(
        ...['already_exists', 'batch_rejected', 'slot_busy', 'queue_full', 'superseded_by_replace', 'removed_from_queue'],
        ...['controller_shutting_down', 'admission_failed', 'resource_limit', 'unknown'],
      ),
    },
    ...asUsed,
  }),
  coreTasksByPhase: gauge({
    unit: '{task}',
    help: 'Tasks, by phase.',
    labels: { phase: oneOf('pending', 'running', 'succeeded', 'failed', 'timeout', 'canceled', 'exhausted', 'unknown') },
    ...ifThere,
  }),
  apiRequests: counter({
    unit: '{request}',
    help: 'Total completed API requests',
    labels: { ...request, status: capped() },
    ...asUsed,
  }),
  apiRequestDuration: histogram({
    unit: 's',
    help: 'API request duration',
    bounds: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    labels: request,
    ...asUsed,
  }),
  apiInFlightRequests: gauge({ unit: '{request}', help: 'Current in-flight API requests', labels: { transport }, ...asUsed }),
  discoverAttempts: counter({ unit: '{attempt}', help: 'Total discovery heartbeat attempts', ...ifThere }),
  discoverOutcomes: counter({ unit: '{attempt}', help: 'Discovery heartbeat outcomes', labels: attempt, ...asUsed }),
  discoverDuration: histogram({
    unit: 's',
    help: 'Discovery heartbeat call duration',
    bounds: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
    labels: attempt,
    ...asUsed,
  }),
  discoverFailures: counter({
    unit: '{attempt}',
    help: 'Discovery heartbeat failures grouped by reason',
    labels: { reason: oneOf('rejected_client', 'rejected_server', 'connect', 'timeout', 'parse', 'other', 'auth') },
    ...asUsed,
  }),
  discoverLastSuccessTimestamp: gauge({ unit: 's', help: 'UNIX timestamp of the last successful heartbeat' }),
  discoverHolds: counter({ unit: '{hold}', help: 'Server-advised retry holds observed', ...ifThere }),
  discoverHoldDuration: histogram({
    unit: 's',
    help: 'Duration of server-advised retry holds',
    bounds: [1, 5, 15, 30, 60, 300, 900, 1800, 3600],
  }),
  buildInfo: info({ help: 'The running program, always 1.', labels: { version: identity() }, omitEmpty: true }),
});
