/** The wasmrun agent: its contract, a recorder for it, and its endpoint with the gate. */
export { default, versions, wasmrun } from './contract.ts';
export {
  mountWasmrunMetrics,
  resolveWasmrunMetrics,
  type WasmrunEndpoint,
  type WasmrunMetrics,
  type WasmrunMounting,
  wasmrunListening,
  wasmrunMetrics,
} from './endpoint.ts';
export {
  type ExecResult,
  type LoadReading,
  type Rejection,
  type SessionReading,
  type WasmrunProbes,
  type WasmrunRecorder,
  wasmrunRecorder,
} from './recorder.ts';
