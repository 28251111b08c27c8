/** `run.ts wasmrun [--port PORT] [--auth FILE] …`. */
import type { Host } from '../host.ts';
import { loadConfig } from './config.ts';
import { startDaemon } from './daemon.ts';

export const start: Host = async (args, { log, closing }) => {
  const host = await startDaemon(loadConfig(args, process.env), log);
  closing.defer(host.close);
  return host;
};
