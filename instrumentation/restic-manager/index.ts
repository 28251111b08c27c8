/** restic-manager: its contract, a recorder for it, and its endpoint's configuration. */
export { default, resticManager } from './contract.ts';
export {
  type Environment,
  mountResticManagerMetrics,
  type ResticManagerMetrics,
  type ResticManagerMounting,
  resolveResticManagerMetrics,
} from './endpoint.ts';
export {
  type HostReading,
  type JobKind,
  type JobStatus,
  type RepoStatus,
  type ResticManagerProbes,
  type ResticManagerRecorder,
  resticManagerRecorder,
  type Severity,
} from './recorder.ts';
