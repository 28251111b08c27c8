/**
 * Programs that measure with OpenTelemetry's SDKs for Go, Java and Python: once with each kind of instrument, and the same in
 * each.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEADLINE_MS } from '../until.ts';
import type { Peer } from './peers.ts';

interface ForeignProgram {
  readonly peer: Peer;
  readonly args: readonly string[];
}

/** By language. */
export const foreignPrograms: Readonly<Record<string, ForeignProgram>> = {
  Go: { peer: 'goSdk', args: [] },
  Java: { peer: 'javaSdk', args: [] },
  Python: { peer: 'pythonSdk', args: [fileURLToPath(new URL('./foreign-python/main.py', import.meta.url))] },
};

/**
 * Runs one, which pushes once and ends. Rejects, with what it printed, when it ends with another code than 0.
 * @param endpoint `http://HOST:PORT`
 */
export async function push(program: ForeignProgram, path: string, endpoint: string): Promise<void> {
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  await promisify(execFile)(path, program.args, { timeout: DEADLINE_MS, env });
}
