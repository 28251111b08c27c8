/**
 * The wasmrun agent's contract: every series of its observability page, and those that are new upstream, in the page's order. It
 * is that of version 0.22.0, the newest that is known.
 */
import { type ClosedLabel, type Contract, contract, counter, gauge, oneOf, summary } from '../../src/index.ts';

function rejected<R extends string>(reason: ClosedLabel<R>) {
  return counter({ unit: '{request}', help: 'Requests rejected before any work, by reason.', labels: { reason } });
}

const metrics = {
  exec: counter({
    unit: '{execution}',
    help: 'Total code executions by terminal result.',
    labels: { result: oneOf('success', 'error', 'timeout') },
  }),
  // Without a unit: `ms` would become `_milliseconds`.
  execDurationMs: summary({
    help: 'Wall-clock time of executions in milliseconds, whatever their result.',
    counters: {
      sum: 'Sum of execution wall-clock durations in milliseconds.',
      count: 'Executions in that sum, whatever their result.',
    },
    zeroFilled: true,
  }),
  outputTruncated: counter({ unit: '{execution}', help: 'Executions whose captured output hit its limit.' }),
  sessionsCreated: counter({ unit: '{session}', help: 'Sessions created.' }),
  execRejected: rejected(oneOf('concurrency', 'payload', 'unauthorized', 'rate')),
  sessionsActive: gauge({ observed: true, unit: '{session}', help: 'Currently active (non-expired) sessions.' }),
  sessionsTotal: gauge({
    observed: true,
    unit: '{session}',
    help: 'Sessions tracked; also expired ones until they are cleaned up.',
  }),
  execInFlight: gauge({
    observed: true,
    unit: '{execution}',
    help: 'Executions whose worker has not ended; also one that has timed out.',
  }),
  sessionsDisk: gauge({ observed: true, unit: 'By', help: 'Size on disk of all active sessions.' }),
  workersLive: gauge({ observed: true, unit: '{thread}', help: 'Worker threads that exist.' }),
  requestsInFlight: gauge({ observed: true, unit: '{request}', help: 'Requests being handled, the one that asks included.' }),
};

const options = {
  accepts: {
    wasmrun_agent_exec_duration_ms: ['abbreviated-unit'],
    wasmrun_agent_sessions_total: ['total-suffix'],
  },
};

export const wasmrun = contract('wasmrun_agent', metrics, options);

export default wasmrun;

/** What the agent shows in other versions. */
export const versions = Object.freeze({
  /** The one that the page documents: without a limit of requests, and without the load of its own server. */
  '0.20.5': (): Contract => {
    const { workersLive, requestsInFlight, ...seed } = metrics;
    return contract(
      'wasmrun_agent',
      { ...seed, execRejected: rejected(oneOf('concurrency', 'payload', 'unauthorized')) },
      options,
    );
  },
  '0.22.0': (): Contract => wasmrun,
});
