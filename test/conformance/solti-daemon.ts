/** A program with solti in it, each of its parts played by a generator; with it, from solti's source, what must arrive. */
import { type SoltiBackend, solti, soltiBackend } from '../../instrumentation/solti/index.ts';
import { expectedOf } from './expected-of.ts';
import { type PlayedDaemon, startBridge } from './played-daemon.ts';
import type { Random } from './random.ts';
import { ownRoad } from './roads.ts';

const runners = ['subprocess', 'wasm', 'container'] as const;
const outcomes = ['success', 'failure', 'canceled', 'timeout'] as const;
const errors = ['cgroup_prepare_failed', 'backend_config_failed', 'spawn_failed', 'module_load_failed'] as const;
const sources = ['failure', 'success', 'unknown'] as const;
const endings = ['exhausted', 'fatal'] as const;
const phases = ['pending', 'running', 'succeeded', 'failed', 'timeout', 'canceled', 'exhausted'] as const;
const rejections = [
  ...(['slot_full', 'slot_busy', 'add_failed', 'remove_failed', 'queue_failed'] as const),
  ...(['recovery_failed', 'bus_lagged', 'controller_exited', 'other', 'unknown'] as const),
];
const syncFailures = ['connect', 'timeout', 'rejected_client', 'rejected_server', 'parse', 'auth', 'other'] as const;
const version = '1.4.2';

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startSoltiDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<PlayedDaemon> {
  const truth = new Map<string, number>();
  const { bridge, daemon } = await startBridge(solti, { endpoint, road });
  const backend = soltiBackend({ registry: bridge, buildInfo: { version } });

  function completed(runner: (typeof runners)[number], outcome: (typeof outcomes)[number]): void {
    backend.taskStarted(runner);
    backend.taskCompleted(runner, outcome, random.between(0, 4_000_000));
    const series = `solti_runner_tasks_completed_total{outcome="${outcome}",runner="${runner}"}`;
    truth.set(series, (truth.get(series) ?? 0) + 1);
  }

  return Object.freeze({
    ...daemon,
    truth: () => truth,
    run(steps: number) {
      soltiBackend({ registry: bridge, buildInfo: { version } });
      for (const runner of runners) {
        for (const outcome of outcomes) completed(runner, outcome);
        for (const error of errors) backend.runnerError(runner, error);
      }
      for (let i = 0; i < steps; i++) completed(random.pick(runners), random.pick(outcomes));
      supervise(backend, random);
      serve(backend, random);
      discover(backend, random);
    },
    /** The program forgets its container runner's errors, and which build it is. */
    lose() {
      for (const error of errors) bridge.metrics.runnerErrors.remove({ runner: 'container', error });
      bridge.metrics.buildInfo.remove({ version });
    },
  });
}

function supervise({ supervision }: SoltiBackend, random: Random): void {
  for (const source of sources) supervision.backedOff(source, random.between(0, 4_000_000));
  for (const ending of endings) supervision.finalized(ending, random.between(1, 200));
  for (const phase of phases) supervision.phaseChanged(random.pick(phases), phase);
  supervision.attemptStarted();
  supervision.attemptStarted();
  supervision.attemptEnded();
  supervision.restarted();
  supervision.timedOut();
  supervision.subscriberOverflowed(random.between(1, 9));
  supervision.subscriberPanicked();
}

function serve({ api, controller }: SoltiBackend, random: Random): void {
  for (const reason of rejections) controller.rejected(reason);
  controller.submitted();
  for (const [method, path] of [
    ['POST', '/api/v1/tasks'],
    ['GET', '/api/v1/tasks/{id}'],
    ['DELETE', '/api/v1/tasks/{id}'],
  ] as const) {
    api.requestStarted('http');
    api.requestCompleted('http', method, path, random.pick([200, 404, 503]), random.between(0, 20_000));
  }
  api.requestEnded('http');
  api.requestStarted('grpc');
  api.requestCompleted('grpc', 'SubmitTask', '/solti.v1.SoltiApi/SubmitTask', random.between(0, 16), random.between(0, 20_000));
  api.requestEnded('grpc');
}

function discover(backend: SoltiBackend, random: Random): void {
  const discovery = backend.discovery();
  for (const reason of syncFailures) {
    discovery.attempted();
    discovery.failed(random.between(0, 90_000), reason);
    discovery.held(random.between(0, 3_600_000));
  }
  discovery.attempted();
  discovery.succeeded(random.between(0, 90_000));
}

const runnerBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600];
const requestBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const syncBounds = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];
const holdBounds = [1, 5, 15, 30, 60, 300, 900, 1800, 3600];
const backoffBounds = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

export const expectedOfSolti = expectedOf(solti, 'solti', [
  ['solti.runner.tasks.started', 'solti_runner_tasks_started_total', 'counter', '{task}'],
  ['solti.runner.tasks.completed', 'solti_runner_tasks_completed_total', 'counter', '{task}'],
  ['solti.runner.task.duration', 'solti_runner_task_duration_seconds', 'histogram', 's', runnerBounds],
  ['solti.runner.errors', 'solti_runner_errors_total', 'counter', '{error}'],
  ['solti.sv.tasks.in.flight', 'solti_sv_tasks_in_flight', 'gauge', '{task}'],
  ['solti.sv.task.restarts', 'solti_sv_task_restarts_total', 'counter', '{restart}'],
  ['solti.sv.task.timeouts', 'solti_sv_task_timeouts_total', 'counter', '{timeout}'],
  ['solti.sv.subscriber.overflow', 'solti_sv_subscriber_overflow_total', 'counter', '{event}'],
  ['solti.sv.subscriber.panicked', 'solti_sv_subscriber_panicked_total', 'counter', '{event}'],
  ['solti.sv.task.backoff.count', 'solti_sv_task_backoff_count_total', 'counter', '{backoff}'],
  ['solti.sv.task.backoff.duration', 'solti_sv_task_backoff_duration_seconds', 'histogram', 's', backoffBounds],
  ['solti.sv.task.terminal', 'solti_sv_task_terminal_total', 'counter', '{task}'],
  ['solti.sv.attempts.to.finalize', 'solti_sv_attempts_to_finalize', 'histogram', '{attempt}', [1, 2, 3, 5, 10, 20, 50, 100]],
  ['solti.sv.tasks.by.phase', 'solti_sv_tasks_by_phase', 'gauge', '{task}'],
  ['solti.ctrl.submissions', 'solti_ctrl_submissions_total', 'counter', '{submission}'],
  ['solti.ctrl.rejections', 'solti_ctrl_rejections_total', 'counter', '{rejection}'],
  ['solti.api.requests', 'solti_api_requests_total', 'counter', '{request}'],
  ['solti.api.request.duration', 'solti_api_request_duration_seconds', 'histogram', 's', requestBounds],
  ['solti.api.in.flight.requests', 'solti_api_in_flight_requests', 'gauge', '{request}'],
  ['solti.discover.attempts', 'solti_discover_attempts_total', 'counter', '{attempt}'],
  ['solti.discover.outcomes', 'solti_discover_outcomes_total', 'counter', '{attempt}'],
  ['solti.discover.duration', 'solti_discover_duration_seconds', 'histogram', 's', syncBounds],
  ['solti.discover.failures', 'solti_discover_failures_total', 'counter', '{failure}'],
  ['solti.discover.last.success.timestamp', 'solti_discover_last_success_timestamp_seconds', 'gauge', 's'],
  ['solti.discover.holds', 'solti_discover_holds_total', 'counter', '{hold}'],
  ['solti.discover.hold.duration', 'solti_discover_hold_duration_seconds', 'histogram', 's', holdBounds],
  ['solti.build.info', 'solti_build_info', 'info', ''],
]);
