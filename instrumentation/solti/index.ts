/** solti: its contract, the backend that its parts report to, and its endpoint. */
export { default, solti, soltiContract } from './contract.ts';
export { mountSoltiMetrics, resolveSoltiMetrics, type SoltiMetrics, type SoltiMounting } from './endpoint.ts';
export {
  type ApiTransport,
  type BackoffSource,
  type RejectionReason,
  type RunnerError,
  type SoltiApi,
  type SoltiBackend,
  type SoltiBackendOptions,
  type SoltiController,
  type SoltiDiscovery,
  type SoltiRegistry,
  type SoltiRunner,
  type SoltiSupervision,
  type SyncFailure,
  soltiBackend,
  type TaskEnding,
  type TaskOutcome,
  type TaskPhase,
} from './recorder.ts';
export { versions } from './versions.ts';
