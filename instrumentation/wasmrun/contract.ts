/** The wasmrun agent's contract: every series of its observability page, and those that are new upstream, in the page's order. */
import { contract, counter, gauge, oneOf, summary } from '../../src/index.ts';

export const wasmrun = contract(
  'wasmrun_agent',
  {
    exec: counter({
      unit: '{execution}',
      help: 'Total code executions by terminal result.',
      labels: { result: oneOf('success', 'error', 'timeout') },
    }),
    // Without a unit: `ms` would become `_milliseconds`.
    execDurationMs: summary({
      help: 'Wall-clock time of executions in milliseconds, whatever their result.',
      counters: { sum: 'Sum of execution wall-clock durations in milliseconds.', count: 'Executions in that sum, whatever their result.' },
      zeroFilled: true,
    }),
    outputTruncated: counter({ unit: '{execution}', help: 'Executions whose captured output hit its limit.' }),
    sessionsCreated: counter({ unit: '{session}', help: 'Sessions created.' }),
    execRejected: counter({
      unit: '{request}',
      help: 'Requests rejected before any work, by reason.',
      labels: { reason: oneOf('concurrency', 'payload', 'unauthorized', 'rate') },
    }),
    sessionsActive: gauge({ observed: true, unit: '{session}', help: 'Currently active (non-expired) sessions.' }),
    sessionsTotal: gauge({ observed: true, unit: '{session}', help: 'Sessions tracked; also expired ones until they are cleaned up.' }),
    execInFlight: gauge({
      observed: true,
      unit: '{execution}',
      help: 'Executions whose worker has not ended; also one that has timed out.',
    }),
    sessionsDisk: gauge({ observed: true, unit: 'By', help: 'Size on disk of all active sessions.' }),
    workersLive: gauge({ observed: true, unit: '{thread}', help: 'Worker threads that exist.' }),
    requestsInFlight: gauge({ observed: true, unit: '{request}', help: 'Requests being handled, the one that asks included.' }),
  },
  {
    accepts: {
      wasmrun_agent_exec_duration_ms: ['abbreviated-unit'],
      wasmrun_agent_sessions_total: ['total-suffix'],
    },
  },
);

export default wasmrun;
