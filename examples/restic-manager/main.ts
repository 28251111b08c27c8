/** `run.ts restic-manager [--config FILE] [--host HOST] [--port PORT] [--data FOLDER]`. */
import { MeterbridgeError } from '../../src/index.ts';
import type { Host } from '../host.ts';
import { fromCommandLine } from '../outside.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';
import { resticProblem } from './restic.ts';

const VERSION = '0.1.0';
/** It runs from source. */
const COMMIT = 'none';
const sources = {
  variable: 'RM_CONFIG',
  file: 'restic-manager.yaml',
  main: import.meta.url,
  flags: ['host', 'port', 'data'],
} as const;

export const start: Host = async (args, { log, closing }) => {
  const config = loadConfig(fromCommandLine(args, sources));
  const missing = resticProblem();
  if (missing !== undefined) throw new MeterbridgeError('HOST_CONFIG_INVALID', [missing]);
  const host = await startDaemon(config, { version: VERSION, commit: COMMIT, log });
  closing.defer(host.close);
  return host;
};
