/**
 * Events of a program with solti in it, each told to the real crate (`solti-crate/`) and to our recorders: a line of a script,
 * and a call.
 */
import { spawnSync } from 'node:child_process';
import type {
  ApiTransport,
  BackoffSource,
  RejectionReason,
  RunnerError,
  SoltiBackend,
  SoltiRunner,
  SyncFailure,
  TaskEnding,
  TaskOutcome,
  TaskPhase,
} from '../../instrumentation/solti/index.ts';
import type { Random } from './random.ts';

export interface SoltiEvent {
  /** For the crate, in its words; see `solti-crate/main.rs`. */
  readonly lines: readonly string[];
  tell(ours: SoltiBackend): void;
}

/** The crate's collectors. */
export type Collector = 'runner' | 'subscriber' | 'api' | 'discover' | 'state' | 'build_info';

const runners: readonly SoltiRunner[] = ['subprocess', 'wasm', 'container'];
const outcomes: readonly TaskOutcome[] = ['success', 'failure', 'canceled', 'timeout'];
const errors: readonly RunnerError[] = ['cgroup_prepare_failed', 'backend_config_failed', 'spawn_failed', 'module_load_failed'];
const sources: readonly BackoffSource[] = ['failure', 'success', 'unknown'];
const endings: readonly (readonly [event: string, TaskEnding])[] = [
  ['ActorExhausted', 'exhausted'],
  ['ActorDead', 'fatal'],
];
/** With what the event says, from which the crate takes the cause. */
const rejections: readonly (readonly [said: string, RejectionReason])[] = [
  ['slot full at capacity cap=1 depth=1 admission=Queue', 'slot_full'],
  ['dropped: slot busy (status=Running)', 'slot_busy'],
  ['add_failed: a task of that name', 'add_failed'],
  ['remove_failed: no such task', 'remove_failed'],
  ['queue_start_failed: no memory', 'queue_failed'],
  ['recovery_start_failed: no memory', 'recovery_failed'],
  ['bus_lagged: missed 3 events, recovering slots', 'bus_lagged'],
  ['controller_loop_exited: closed', 'controller_exited'],
  ['bad weather', 'other'],
  ['', 'unknown'],
];
const syncFailures: readonly SyncFailure[] = [
  'connect',
  'timeout',
  'rejected_client',
  'rejected_server',
  'parse',
  'auth',
  'other',
];
const requests: readonly (readonly [ApiTransport, method: string, path: string, statuses: readonly number[]])[] = [
  ['http', 'POST', '/api/v1/tasks', [201, 400, 413]],
  ['http', 'GET', '/api/v1/tasks', [200]],
  ['http', 'GET', '/api/v1/tasks/{id}', [200, 404]],
  ['http', 'DELETE', '/api/v1/tasks/{id}', [204, 404, 503]],
  ['grpc', 'SubmitTask', '/solti.v1.SoltiApi/SubmitTask', [0, 3]],
  ['grpc', 'GetTaskStatus', '/solti.v1.SoltiApi/GetTaskStatus', [0, 5, 16]],
];
const lastPhases: readonly TaskPhase[] = ['succeeded', 'failed', 'timeout', 'canceled', 'exhausted'];

/** In milliseconds: on a bound of a histogram, beside it, and beyond the last. */
const durations = [0, 1, 5, 9, 10, 11, 25, 50, 100, 999, 1_000, 2_500, 10_000, 60_000, 300_001, 3_600_000, 86_400_000];

let tasks = 0;

/** What a collector can be told, everything once. */
const tellers: Readonly<Record<Collector, (random: Random) => readonly SoltiEvent[]>> = {
  runner: (random) =>
    runners.flatMap((runner) => [
      event(`record_task_started ${runner}`, (ours) => ours.taskStarted(runner)),
      ...outcomes.map((outcome) => {
        const ms = random.pick(durations);
        return event(`record_task_completed ${runner} ${outcome} ${ms}`, (ours) => ours.taskCompleted(runner, outcome, ms));
      }),
      ...errors.map((error) => event(`record_runner_error ${runner} ${error}`, (ours) => ours.runnerError(runner, error))),
    ]),
  subscriber: (random) => [
    event('TaskStarting 1', (ours) => ours.supervision.attemptStarted()),
    event(`TaskStarting ${random.between(2, 9)}`, ({ supervision }) => {
      supervision.attemptStarted();
      supervision.restarted();
    }),
    event('TaskStopped', (ours) => ours.supervision.attemptEnded()),
    event('TaskFailed', (ours) => ours.supervision.attemptEnded()),
    event('TimeoutHit', (ours) => ours.supervision.timedOut()),
    ...sources.map((source) => {
      const ms = random.pick(durations);
      return event(`BackoffScheduled ${source} ${ms}`, (ours) => ours.supervision.backedOff(source, ms));
    }),
    ...endings.map(([kind, ending]) => {
      const attempts = random.between(1, 120);
      return event(`${kind} ${attempts}`, (ours) => ours.supervision.finalized(ending, attempts));
    }),
    event('SubscriberOverflow', (ours) => ours.supervision.subscriberOverflowed()),
    event('SubscriberPanicked', (ours) => ours.supervision.subscriberPanicked()),
    event('ControllerSubmitted', (ours) => ours.controller.submitted()),
    ...rejections.map(([said, reason]) =>
      event(`ControllerRejected ${said}`.trimEnd(), (ours) => ours.controller.rejected(reason)),
    ),
  ],
  api: (random) =>
    requests.flatMap(([transport, method, path, statuses]) => {
      const [status, ms] = [random.pick(statuses), random.pick(durations)];
      return [
        event(`record_in_flight_delta ${transport} 1`, (ours) => ours.api.requestStarted(transport)),
        event(`record_request ${transport} ${method} ${path} ${status} ${ms}`, (ours) =>
          ours.api.requestCompleted(transport, method, path, status, ms),
        ),
        {
          lines: [`record_in_flight_delta ${transport} 1`, `record_in_flight_delta ${transport} -1`],
          tell({ api }) {
            api.requestStarted(transport);
            api.requestEnded(transport);
          },
        },
      ];
    }),
  discover: (random) => {
    const [ms, seconds] = [random.pick(durations), random.between(0, 3_600)];
    return [
      event('record_attempt', (ours) => ours.discovery().attempted()),
      event(`record_success ${ms}`, (ours) => ours.discovery().succeeded(ms)),
      ...syncFailures.map((reason) => event(`record_failure ${ms} ${reason}`, (ours) => ours.discovery().failed(ms, reason))),
      event(`record_hold ${seconds}`, (ours) => ours.discovery().held(seconds * 1_000)),
    ];
  },
  state: () => [taskThrough(), taskThrough('running'), ...lastPhases.map((last) => taskThrough('running', last))],
  build_info: () => [],
};

function event(line: string, tell: SoltiEvent['tell']): SoltiEvent {
  return { lines: [line], tell };
}

/** A task that is added, and then enters these phases. */
function taskThrough(...phases: readonly TaskPhase[]): SoltiEvent {
  tasks += 1;
  const name = `task-${tasks}`;
  const transition = (phase: TaskPhase) =>
    phase === 'running' ? `transition_starting ${name}` : `transition_finished ${name} ${phase}`;
  return {
    lines: [`add_task ${name}`, ...phases.map(transition)],
    tell({ supervision }) {
      supervision.phaseChanged(undefined, 'pending');
      for (const [at, phase] of phases.entries()) supervision.phaseChanged(phases[at - 1] ?? 'pending', phase);
    },
  };
}

/** Everything that these collectors can be told, once, and then some of it, `more` times. */
export function eventsFor(collectors: readonly Collector[], more: number, random: Random): readonly SoltiEvent[] {
  const every = () => collectors.flatMap((collector) => tellers[collector](random));
  return [...every(), ...Array.from({ length: more }, () => random.pick(every()))];
}

/** The page of the crate's collectors after what they were told. */
export function pageOfCrate(program: string, collectors: readonly Collector[], events: readonly SoltiEvent[]): string {
  const input = events.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join('');
  const { status, stdout, stderr, error } = spawnSync(program, collectors, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`solti-crate: ${stderr.trim() || error?.message}`);
  return stdout;
}
