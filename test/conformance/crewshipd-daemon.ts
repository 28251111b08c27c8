/** A daemon with crewshipd's contract and recorder, played by a generator; with it, from its document, what must arrive. */
import {
  crewshipd,
  crewshipdRecorder,
  type DatabaseReading,
  type ProviderReading,
} from '../../instrumentation/crewshipd/index.ts';
import { expectedOf } from './expected-of.ts';
import { type PlayedDaemon, someTimeMs, startBridge } from './played-daemon.ts';
import type { Random } from './random.ts';
import { ownRoad } from './roads.ts';
import { seriesKey } from './series.ts';

/** The database is asked anew at each step. */
const stepMs = 15_000;
const upBeforeMs = 90_500;
const hostname = 'crew "blue"\\1';
export const crewshipdContract = crewshipd(hostname);

const statuses = ['PENDING', 'QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'WAITING'] as const;
const pipelineStatuses = ['queued', 'running', 'completed', 'failed', 'cancelled', 'dry_run', 'interrupted', 'paused'] as const;
const events = ['started', 'completed', 'failed', 'cancelled', 'timeout'] as const;

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startCrewshipdDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<PlayedDaemon> {
  let database: DatabaseReading = { assignments: [], queues: [], pipelineRuns: [], runEvents: [], providers: [] };
  const totals = { gcRuns: 0, dropped: 0, events: new Map<string, number>(events.map((event) => [event, 0])) };
  const ledger = new Map<string, { calls: number; costUsd: number }>();
  let live = { goroutines: 0, memoryAlloc: 0, memorySys: 0, sockets: 0, tracked: 0, reporting: 0 };

  const { bridge, clock, daemon } = await startBridge(crewshipdContract, { endpoint, road, stepMs });
  crewshipdRecorder(bridge, {
    database: () => database,
    containers: () => live,
    wsConnections: () => live.sockets,
    credentialAuditDropped: () => totals.dropped,
    process: () => ({ ...live, gcRuns: totals.gcRuns }),
    startedAt: someTimeMs - upBeforeMs,
    clock,
  });

  const counted = (names: readonly string[]) => names.map((name) => ({ name, count: random.between(0, 2_000) }));
  const providers = (): ProviderReading[] => [...ledger].map(([provider, sums]) => ({ provider, ...sums }));
  const runEvents = () => [...totals.events].map(([name, count]) => ({ name, count }));
  const key = (name: string, labels: Record<string, string> = {}) =>
    seriesKey(`crewshipd_${name}`, Object.entries({ hostname, ...labels }));

  return Object.freeze({
    ...daemon,
    truth: () =>
      new Map([
        [key('uptime_seconds'), (clock() - someTimeMs + upBeforeMs) / 1_000],
        [key('gc_runs_total'), totals.gcRuns],
        [key('credential_audit_dropped_total'), totals.dropped],
        [key('db_migration_version'), 20_260_728_110_200],
        [key('assignments', { status: 'other' }), database.assignments.find(({ name }) => name === 'WAITING')?.count ?? 0],
        ...[...totals.events].map(([event, count]): [string, number] => [key('agent_run_events_total', { event }), count]),
        // All but the last have one of the 24 places; that one is other.
        ...[...ledger].map(([provider, { calls }]): [string, number] => [
          key('llm_calls_total', { provider: provider === 'p25' ? 'other' : provider }),
          calls,
        ]),
      ]),
    run(steps: number) {
      for (let i = 0; i < steps; i++) {
        const event = random.pick(events);
        totals.events.set(event, (totals.events.get(event) ?? 0) + 1);
      }
      totals.gcRuns += random.between(1, 50);
      totals.dropped += random.between(0, 3);
      const sizes = {
        goroutines: random.between(1, 500),
        memoryAlloc: random.between(1, 2 ** 40),
        memorySys: random.between(1, 2 ** 40),
      };
      live = { ...sizes, sockets: random.between(0, 99), tracked: random.between(9, 99), reporting: random.between(0, 9) };
      const names = ['AN "THROPIC"\\\n', ...Array.from({ length: 24 }, (_, at) => `p${at + 2}`)];
      for (const [at, provider] of names.entries()) {
        const before = ledger.get(provider) ?? { calls: 0, costUsd: 0 };
        const calls = before.calls + random.between(1, 5) + (ledger.size < names.length ? (names.length - at) * 100 : 0);
        ledger.set(provider, { calls, costUsd: before.costUsd + random.next() });
      }
      database = {
        assignments: counted(statuses),
        queues: Array.from({ length: random.between(1, 9) }, () => random.between(1, 50)),
        pipelineRuns: counted(pipelineStatuses),
        runEvents: runEvents(),
        providers: providers(),
        migrationVersion: 20_260_728_110_200,
      };
    },
    /** A provider leaves the ledger, pruning takes events away, and the migrations are gone. */
    lose() {
      ledger.delete('p7');
      totals.events.set('started', (totals.events.get('started') ?? 0) - 1);
      database = { ...database, runEvents: runEvents(), providers: providers(), migrationVersion: undefined };
    },
  });
}

export const expectedOfCrewshipd = expectedOf(crewshipdContract, 'crewshipd', [
  ['crewshipd.uptime', 'crewshipd_uptime_seconds', 'gauge', 's'],
  ['crewshipd.goroutines', 'crewshipd_goroutines', 'gauge', '{goroutine}'],
  ['crewshipd.memory.alloc', 'crewshipd_memory_alloc_bytes', 'gauge', 'By'],
  ['crewshipd.memory.sys', 'crewshipd_memory_sys_bytes', 'gauge', 'By'],
  ['crewshipd.gc.runs', 'crewshipd_gc_runs_total', 'counter', '{run}'],
  ['crewshipd.ws.connections', 'crewshipd_ws_connections', 'gauge', '{connection}'],
  ['crewshipd.credential.audit.dropped', 'crewshipd_credential_audit_dropped_total', 'counter', '{event}'],
  ['crewshipd.assignments', 'crewshipd_assignments', 'gauge', '{assignment}'],
  ['crewshipd.assignment.queue.depth', 'crewshipd_assignment_queue_depth', 'gauge', '{assignment}'],
  ['crewshipd.assignment.queue.crews', 'crewshipd_assignment_queue_crews', 'gauge', '{crew}'],
  ['crewshipd.assignment.queue.depth.max', 'crewshipd_assignment_queue_depth_max', 'gauge', '{assignment}'],
  ['crewshipd.pipeline.runs', 'crewshipd_pipeline_runs', 'gauge', '{run}'],
  ['crewshipd.agent.run.events', 'crewshipd_agent_run_events_total', 'counter', '{event}'],
  ['crewshipd.llm.calls', 'crewshipd_llm_calls_total', 'counter', '{call}'],
  ['crewshipd.llm.cost.usd', 'crewshipd_llm_cost_usd_total', 'counter', '{USD}'],
  ['crewshipd.containers.tracked', 'crewshipd_containers_tracked', 'gauge', '{container}'],
  ['crewshipd.containers.reporting', 'crewshipd_containers_reporting', 'gauge', '{container}'],
  ['crewshipd.db.migration.version', 'crewshipd_db_migration_version', 'gauge', ''],
]);
