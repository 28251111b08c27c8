/** solti's contract: its runners first, then its supervision. It is a library, so the program chooses the labels of `solti_build_info`. */
import { contract, counter, gauge, histogram, type IdentityLabel, identity, info, oneOf } from '../../src/index.ts';

const runner = oneOf('subprocess', 'wasm', 'container');
const outcome = oneOf('success', 'failure', 'canceled', 'timeout');
const ending = oneOf('completed', 'exhausted', 'fatal');

/** A family with labels shows only the label sets that were used. */
const asUsed = { zeroFilled: false, omitEmpty: true } as const;

/**
 * solti's contract for a program whose `solti_build_info` has these labels.
 *
 * @throws CONTRACT_INVALID for illegal labels
 */
export function soltiContract(buildLabels: readonly string[] = ['version']) {
  const labels: Readonly<Record<string, IdentityLabel>> = Object.fromEntries(buildLabels.map((label) => [label, identity()]));
  return contract('solti', {
    runnerTasksStarted: counter({ unit: '{task}', help: 'Tasks started, by runner.', labels: { runner }, ...asUsed }),
    runnerTasksCompleted: counter({
      unit: '{task}',
      help: 'Tasks completed, by runner and outcome.',
      labels: { runner, outcome },
      ...asUsed,
    }),
    runnerTaskDuration: histogram({
      unit: 's',
      help: 'How long one attempt at a task took.',
      bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600],
      labels: { runner, outcome },
      ...asUsed,
    }),
    runnerErrors: counter({
      unit: '{error}',
      help: 'Errors of a runner before or after a task; none of them is a completed task.',
      labels: { runner, error: oneOf('cgroup_prepare_failed', 'backend_config_failed', 'spawn_failed', 'module_load_failed') },
      ...asUsed,
    }),
    svTasksInFlight: gauge({ unit: '{task}', help: 'Attempts at tasks under way.', zeroFilled: true }),
    svTaskRestarts: counter({ unit: '{restart}', help: 'Attempts after the first of a task.' }),
    svTaskTimeouts: counter({ unit: '{timeout}', help: 'Attempts that were ended because their time was up.' }),
    svSubscriberOverflow: counter({ unit: '{event}', help: 'Events that a subscriber was too slow for.' }),
    svSubscriberPanicked: counter({ unit: '{event}', help: 'Events that a subscriber failed at.' }),
    svTaskBackoffCount: counter({
      unit: '{backoff}',
      help: 'Pauses before the next attempt, by what they follow.',
      labels: { source: oneOf('failure', 'success', 'unknown') },
      ...asUsed,
    }),
    svTaskBackoffDuration: histogram({
      unit: 's',
      help: 'How long the pause before the next attempt is.',
      bounds: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
      zeroFilled: true,
    }),
    svTaskTerminal: counter({
      unit: '{task}',
      help: 'Tasks that are not attempted any more, by reason.',
      labels: { reason: ending },
      ...asUsed,
    }),
    svAttemptsToFinalize: histogram({
      unit: '{attempt}',
      help: 'Attempts until a task was not attempted any more.',
      bounds: [1, 2, 3, 5, 10, 20, 50, 100],
      labels: { outcome: ending },
      ...asUsed,
    }),
    svTasksByPhase: gauge({
      unit: '{task}',
      help: 'Tasks, by phase.',
      labels: { phase: oneOf('pending', 'running', 'succeeded', 'failed', 'timeout', 'canceled', 'exhausted') },
    }),
    buildInfo: info({ help: 'The running program, always 1.', labels, omitEmpty: true }),
  });
}

export const solti = soltiContract();

export default solti;
