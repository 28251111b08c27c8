/** solti: its contract, the backend that its runners and its supervision report to, and its endpoint. */
export { default, solti, soltiContract } from './contract.ts';
export { mountSoltiMetrics, resolveSoltiMetrics, type SoltiMetrics, type SoltiMounting } from './endpoint.ts';
export {
  type BackoffSource,
  type RunnerError,
  type SoltiBackend,
  type SoltiBackendOptions,
  type SoltiRegistry,
  type SoltiRunner,
  type SoltiSupervision,
  soltiBackend,
  type TaskEnding,
  type TaskOutcome,
  type TaskPhase,
} from './recorder.ts';
