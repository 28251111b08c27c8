/** crewshipd's contract: every series of its metrics page, and those that are new upstream, in the page's order. */
import { hostname } from 'node:os';
import { capped, contract, counter, gauge, oneOf, parameter } from '../../src/index.ts';

/** The first providers, by calls, keep a name; all others share one series. */
const PROVIDERS_AT_MOST = 24;

export const assignmentStatus = oneOf('pending', 'queued', 'running', 'completed', 'failed', 'cancelled', 'other');
export const pipelineStatus = oneOf('queued', 'running', 'completed', 'failed', 'cancelled', 'dry_run', 'interrupted', 'other');
export const runEvent = oneOf('started', 'completed', 'failed', 'cancelled', 'timeout');
const providerLabels = { provider: capped({ limit: PROVIDERS_AT_MOST }) };

const metrics = {
  uptime: gauge({ observed: true, unit: 's', help: 'Time since crewshipd started.' }),
  goroutines: gauge({ observed: true, unit: '{goroutine}', help: 'Active handles and requests of the event loop.' }),
  memoryAlloc: gauge({ observed: true, unit: 'By', help: 'Heap in use.' }),
  memorySys: gauge({ observed: true, unit: 'By', help: 'Resident memory of the process.' }),
  gcRuns: counter({ observed: true, unit: '{run}', help: 'Runs of the garbage collector.' }),
  wsConnections: gauge({ observed: true, unit: '{connection}', help: 'Open WebSocket connections.' }),
  credentialAuditDropped: counter({
    observed: true,
    unit: '{event}',
    help: 'Credential audit events that were lost: the change was made, its record was not.',
  }),
  assignments: gauge({
    observed: true,
    unit: '{assignment}',
    help: 'Assignments that are in each status now.',
    labels: { status: assignmentStatus },
  }),
  assignmentQueueDepth: gauge({ observed: true, unit: '{assignment}', help: 'Queued assignments of all crews.' }),
  assignmentQueueCrews: gauge({ observed: true, unit: '{crew}', help: 'Crews with at least one queued assignment.' }),
  assignmentQueueDepthMax: gauge({ observed: true, unit: '{assignment}', help: 'Queued assignments of the crew that has most.' }),
  pipelineRuns: gauge({ observed: true, unit: '{run}', help: 'Pipeline runs by status.', labels: { status: pipelineStatus } }),
  agentRunEvents: counter({
    observed: true,
    unknownStart: true,
    unit: '{event}',
    help: 'Events of agent runs in the journal, archived ones included; pruning may lower it.',
    labels: { event: runEvent },
  }),
  llmCalls: counter({
    observed: true,
    unknownStart: true,
    unit: '{call}',
    help: 'Calls of language models in the cost ledger.',
    labels: providerLabels,
  }),
  // Not `USD`: a Collector would append it to the name.
  llmCostUsd: counter({
    observed: true,
    unknownStart: true,
    unit: '{USD}',
    help: 'Spent on language models, in US dollars.',
    labels: providerLabels,
  }),
  containersTracked: gauge({ observed: true, unit: '{container}', help: 'Crew containers that the stats collector knows.' }),
  containersReporting: gauge({
    observed: true,
    unit: '{container}',
    help: 'Tracked containers that have answered with a sample.',
  }),
  dbMigrationVersion: gauge({ observed: true, help: 'Highest schema migration that was applied.' }),
};

/**
 * The contract of one crewshipd. Each of its series has a constant label `hostname`, whose value is its host's: a page has one,
 * whatever it is.
 *
 * @param host default: the name of this machine
 */
export function crewshipd(host: string = hostname()) {
  return contract('crewshipd', metrics, { constantLabels: { hostname: parameter(host) } });
}

export default crewshipd();
